using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// ToyADMOS (2019): <c>&lt;machine&gt;/caseN/{NormalSound_IND,NormalSound_CNT,AnomalousSound_IND}/..._chN_NNNN.wav</c>, a file for each of four
/// microphones; the code of a fault, such as ab01, stands in the name.
/// </summary>
internal sealed partial class ToyAdmosLayout : IDatasetLayout
{
    public string Key => "toyadmos";

    public string Name => "ToyADMOS";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut) =>
        NamedFiles.Place(root, waves, Place(), "<machine>/caseN/{NormalSound_IND,AnomalousSound_IND}/NAME_chN_NNNN.wav", leftOut, File);

    private static LayoutFile File(string wave, Match place)
    {
        var anomaly = place.Groups["state"].Value == "Anomalous";
        return new LayoutFile(wave, new ClipMetadata
        {
            Machine = place.Groups["machine"].Value,
            Id = place.Groups["case"].Value,
            Anomaly = anomaly,
            AnomalyType = anomaly && place.Groups["fault"].Success ? place.Groups["fault"].Value : null,
            Attributes = place.Groups["channel"].Success ? [new("mic", place.Groups["channel"].Value)] : [],
        });
    }

    [GeneratedRegex(@"(?<machine>[^/]+)/case(?<case>\d+)/(?<state>Normal|Anomalous)Sound_(?:IND|CNT)/[^/]*?(?:_(?<fault>ab\d+))?(?:_(?:IND|CNT))?(?:_ch(?<channel>\d+))?_\d+\.wav$")]
    private static partial Regex Place();
}

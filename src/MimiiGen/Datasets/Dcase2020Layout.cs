using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// DCASE 2020 Task 2 (MIMII and ToyADMOS): <c>&lt;machine&gt;/{train,test}/{normal,anomaly}_id_XX_NNNNNNNN.wav</c>; test clips of the evaluation set,
/// <c>id_XX_NNNNNNNN.wav</c>, have no label.
/// </summary>
internal sealed partial class Dcase2020Layout : IDatasetLayout
{
    public string Key => "dcase2020";

    public string Name => "DCASE 2020";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut) =>
        NamedFiles.Place(root, waves, Place(), "<machine>/{train,test}/{normal,anomaly}_id_NN_NNNNNNNN.wav", leftOut, File);

    private static LayoutFile File(string wave, Match place)
    {
        var isTraining = place.Groups["split"].Value == "train";
        var metadata = new ClipMetadata { Machine = place.Groups["machine"].Value, Id = place.Groups["id"].Value, Anomaly = place.Groups["state"].Value == "anomaly" };
        return new LayoutFile(wave, metadata, isTraining ? Split.Train : Split.Test) { IsLabelled = place.Groups["state"].Success || isTraining };
    }

    [GeneratedRegex(@"(?<machine>[^/]+)/(?<split>train|test)/(?:(?<state>normal|anomaly)_)?id_(?<id>\d+)_\d+\.wav$", RegexOptions.IgnoreCase)]
    private static partial Regex Place();
}

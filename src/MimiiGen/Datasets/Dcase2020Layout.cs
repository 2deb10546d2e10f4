using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// DCASE 2020 Task 2 (MIMII and ToyADMOS): <c>&lt;machine&gt;/{train,test}/{normal,anomaly}_id_XX_NNNNNNNN.wav</c>; test clips of the evaluation set,
/// <c>id_XX_NNNNNNNN.wav</c>, have no label unless the challenge's <c>eval_data_list.csv</c> lies below the folder.
/// </summary>
internal sealed partial class Dcase2020Layout : IDatasetLayout
{
    public string Key => "dcase2020";

    public string Name => "DCASE 2020";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut)
    {
        GroundTruth? truth = null; // read when there is a file of the layout
        return NamedFiles.Place(
            root, waves, Place(), "<machine>/{train,test}/{normal,anomaly}_id_NN_NNNNNNNN.wav", leftOut, (wave, place) => File(wave, place, truth ??= GroundTruth.Below(root)));
    }

    private static LayoutFile File(string wave, Match place, GroundTruth truth)
    {
        var isTraining = place.Groups["split"].Value == "train";
        var machine = place.Groups["machine"].Value;
        bool? anomaly = place.Groups["state"].Success ? place.Groups["state"].Value == "anomaly" : truth.IsAnomaly(machine, Path.GetFileName(wave)) ?? (isTraining ? false : null);
        var metadata = new ClipMetadata { Machine = machine, Id = place.Groups["id"].Value, Anomaly = anomaly ?? false };
        return new LayoutFile(wave, metadata, isTraining ? Split.Train : Split.Test) { IsLabelled = anomaly is not null };
    }

    [GeneratedRegex(@"(?<machine>[^/]+)/(?<split>train|test)/(?:(?<state>normal|anomaly)_)?id_(?<id>\d+)_\d+\.wav$", RegexOptions.IgnoreCase)]
    private static partial Regex Place();
}

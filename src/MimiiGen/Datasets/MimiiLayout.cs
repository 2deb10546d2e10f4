using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// MIMII (2019): <c>&lt;snr&gt;_&lt;machine&gt;/&lt;machine&gt;/&lt;id&gt;/{normal,abnormal}/NNNNNNNN.wav</c>, eight channels, one for each
/// microphone. The user may point at any folder of it: what lies above the folder is read from its full path.
/// </summary>
internal sealed partial class MimiiLayout : IDatasetLayout
{
    public string Key => "mimii";

    public string Name => "MIMII";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut) =>
        NamedFiles.Place(root, waves, Place(), "<machine>/id_NN/{normal,abnormal}/NAME.wav", leftOut, (wave, place) => new LayoutFile(wave, Metadata(place)));

    private static ClipMetadata Metadata(Match place) => new()
    {
        Machine = place.Groups["machine"].Value,
        Id = place.Groups["id"].Value,
        Anomaly = place.Groups["state"].Value == "abnormal",
        SnrDb = place.Groups["snr"] is { Success: true } snr ? snr.Value : null,
        // a cut of one channel keeps the first: the sets that ship one channel (samples/) are made so
        Microphone = 0,
    };

    [GeneratedRegex(@"(?:(?:^|/)(?<snr>-?\d+)_dB_[^/]+)?/(?<machine>[^/]+)/id_(?<id>[^/]+)/(?<state>normal|abnormal)/[^/]+$")]
    private static partial Regex Place();
}

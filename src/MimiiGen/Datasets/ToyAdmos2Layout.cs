using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// ToyADMOS2's own recordings, brought to WAV, in any folders: <c>CN031-carB1-speed1_mic3_00001.wav</c>, of a damaged toy
/// <c>CA001-carA1-speed1-a-damageL_mic1_00001.wav</c>. What its mixer makes of them is in the DCASE layout.
/// </summary>
internal sealed partial class ToyAdmos2Layout : IDatasetLayout
{
    private static readonly Dictionary<string, string> Levels = new(StringComparer.Ordinal) { ["L"] = "low", ["M"] = "mid", ["H"] = "high" };

    public string Key => "toyadmos2";

    public string Name => "ToyADMOS2";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut) =>
        NamedFiles.Place(root, waves, Place(), "CN000-carA1-speed1_mic1_00000.wav or CA000-carA1-speed1-a-damageL_mic1_00000.wav", leftOut, File);

    private static LayoutFile File(string wave, Match place)
    {
        var fault = place.Groups["fault"].Success ? $"defect {place.Groups["fault"].Value}" : null;
        if (fault is not null && Levels.TryGetValue(place.Groups["level"].Value, out var level)) fault += $" at {level} damage level";
        return new LayoutFile(wave, new ClipMetadata
        {
            Machine = place.Groups["toy"].Value == "car" ? "ToyCar" : "ToyTrain",
            Anomaly = place.Groups["state"].Value == "A",
            AnomalyType = fault,
            Attributes = [new("car", place.Groups["model"].Value), new("spd", place.Groups["speed"].Value), new("mic", place.Groups["mic"].Value)],
        });
    }

    [GeneratedRegex(@"(?:^|/)[CT](?<state>[NA])\d+-(?<toy>car|train)(?<model>[A-Z]\d+)-speed(?<speed>\d+)(?:-(?<fault>[a-z0-9]+)(?:-damage(?<level>[LMH]))?)?_mic(?<mic>\d+)_\d+\.wav$")]
    private static partial Regex Place();
}

using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// The answers that the challenge publishes after its evaluation. From 2021 on, files <c>ground_truth_MACHINE_section_NN_test.csv</c> without a header: in
/// <c>ground_truth_data/</c> NAME,0|1 with 1 for an anomaly, in <c>ground_truth_domain/</c> NAME,0|1 with 1 for the target domain, in
/// <c>ground_truth_attributes/</c> NAME,NAME WITH ATTRIBUTES, the last column the fullest. In 2020 <c>eval_data_list.csv</c>: a line MACHINE, and below it NAME,NAME WITH LABEL,0|1.
/// </summary>
internal sealed partial class GroundTruth
{
    private readonly Dictionary<(string Machine, string Name), bool> anomalies = [];
    private readonly Dictionary<(string Machine, string Name), bool> targets = [];
    private readonly Dictionary<(string Machine, string Name), string> attributes = [];

    /// <summary>All such files below a folder; none there gives an empty one.</summary>
    /// <exception cref="BadInputException">A line is not of its file's form.</exception>
    public static GroundTruth Below(string root)
    {
        var truth = new GroundTruth();
        foreach (var path in Directory.EnumerateFiles(root, "ground_truth_*_section_*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var machine = FileName().Match(Path.GetFileName(path)).Groups["machine"].Value;
            switch (Path.GetFileName(Path.GetDirectoryName(path)))
            {
                case "ground_truth_attributes":
                    truth.ReadAttributes(path, machine);
                    break;
                case "ground_truth_domain":
                    ReadAnswers(path, machine, truth.targets);
                    break;
                default:
                    ReadAnswers(path, machine, truth.anomalies);
                    break;
            }
        }

        foreach (var path in Directory.EnumerateFiles(root, "eval_data_list.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) ReadAnswers(path, null, truth.anomalies);
        return truth;
    }

    /// <summary>Whether a clip is an anomaly; null where no file says so.</summary>
    public bool? IsAnomaly(string machine, string name) => anomalies.TryGetValue((machine, name), out var answer) ? answer : null;

    /// <summary>The domain of a clip, source or target; null where no file says so.</summary>
    public string? Domain(string machine, string name) => targets.TryGetValue((machine, name), out var isTarget) ? isTarget ? "target" : "source" : null;

    /// <summary>The attributes of a clip as a name spells them; empty where no file says so.</summary>
    public string Attributes(string machine, string name) => attributes.GetValueOrDefault((machine, name), "");

    private static void ReadAnswers(string path, string? machine, Dictionary<(string Machine, string Name), bool> answers)
    {
        var ofSeveral = machine is null;
        foreach (var (number, fields) in Lines(path))
            if (ofSeveral && fields.Length == 1) machine = fields[0];
            else if (machine is not null && fields.Length > 1 && fields[^1] is "0" or "1") answers[(machine, fields[0])] = fields[^1] == "1";
            else throw new BadInputException($"{path}, line {number}: '{string.Join(',', fields)}' is not {(ofSeveral ? "MACHINE, or NAME,NAME WITH LABEL,0|1 below one" : "NAME,0 or NAME,1")}");
    }

    private void ReadAttributes(string path, string machine)
    {
        foreach (var (number, fields) in Lines(path))
            attributes[(machine, fields[0])] = fields.Length > 1 && FullName().Match(fields[^1]) is { Success: true } name
                ? name.Groups["tail"].Value
                : throw new BadInputException($"{path}, line {number}: '{string.Join(',', fields)}' is not NAME,section_NN_DOMAIN_test_LABEL_NNNN_ATTRIBUTES");
    }

    private static IEnumerable<(int Number, string[] Fields)> Lines(string path) =>
        File.ReadLines(path).Select((text, i) => (i + 1, text.Split(',', StringSplitOptions.TrimEntries))).Where(l => l.Item2.Any(f => f.Length > 0));

    [GeneratedRegex(@"^ground_truth_(?<machine>.+)_section_\d+")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^section_\d+_(?:source|target)_(?:train|test)_(?:normal|anomaly)_\d+_?(?<tail>.*?)(?:\.wav)?$")]
    private static partial Regex FullName();
}

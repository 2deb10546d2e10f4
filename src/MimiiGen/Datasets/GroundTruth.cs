using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// The files <c>ground_truth_MACHINE_section_NN_test.csv</c> that the challenge publishes after its evaluation: NAME,0|1 without a header, in
/// <c>ground_truth_data/</c> 1 for an anomaly, in <c>ground_truth_domain/</c> 1 for the target domain.
/// </summary>
internal sealed partial class GroundTruth
{
    private readonly Dictionary<(string Machine, string Name), bool> anomalies = [];
    private readonly Dictionary<(string Machine, string Name), bool> targets = [];

    /// <summary>All such files below a folder; none there gives an empty one.</summary>
    /// <exception cref="BadInputException">A line is not NAME,0 or NAME,1.</exception>
    public static GroundTruth Below(string root)
    {
        var truth = new GroundTruth();
        foreach (var path in Directory.EnumerateFiles(root, "ground_truth_*_section_*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var machine = FileName().Match(Path.GetFileName(path)).Groups["machine"].Value;
            var answers = Path.GetFileName(Path.GetDirectoryName(path)) == "ground_truth_domain" ? truth.targets : truth.anomalies;
            var line = 0;
            foreach (var text in File.ReadLines(path))
            {
                line++;
                if (text.Length == 0) continue;
                var comma = text.LastIndexOf(',');
                answers[(machine, text[..Math.Max(comma, 0)].Trim())] = comma > 0 && text[(comma + 1)..].Trim() is "0" or "1"
                    ? text[(comma + 1)..].Trim() == "1"
                    : throw new BadInputException($"{path}, line {line}: '{text}' is not NAME,0 or NAME,1");
            }
        }

        return truth;
    }

    /// <summary>Whether a clip is an anomaly; null where no file says so.</summary>
    public bool? IsAnomaly(string machine, string name) => anomalies.TryGetValue((machine, name), out var answer) ? answer : null;

    /// <summary>The domain of a clip, source or target; null where no file says so.</summary>
    public string? Domain(string machine, string name) => targets.TryGetValue((machine, name), out var isTarget) ? isTarget ? "target" : "source" : null;

    [GeneratedRegex(@"^ground_truth_(?<machine>.+)_section_\d+")]
    private static partial Regex FileName();
}

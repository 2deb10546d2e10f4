using System.Globalization;
using System.Text;
using MimiiGen.Checkpoints;
using MimiiGen.Datasets;

namespace MimiiGen.Evaluation.Sections;

/// <summary>The CSV files of the DCASE Task 2 baseline, under its names.</summary>
public static class DcaseFiles
{
    /// <summary>Writes NAME,SCORE and, with a threshold, NAME,0|1 for the test clips of a section; no header, as the challenge's evaluator reads them.</summary>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> WriteSection(string folder, DetectorSection section, IReadOnlyList<double> scores, double? threshold)
    {
        ArgumentNullException.ThrowIfNull(section);
        var names = Names(section.TestClips);
        var suffix = $"{section.Machine}_section_{section.Section}_test.csv";
        var paths = new List<string> { Path.Combine(folder, "anomaly_score_" + suffix) };
        AtomicFile.WriteText(paths[0], string.Concat(names.Zip(scores, (n, s) => $"{CsvTable.Field(n)},{s.ToString("R", CultureInfo.InvariantCulture)}\n")));
        if (threshold is { } line)
        {
            paths.Add(Path.Combine(folder, "decision_result_" + suffix));
            AtomicFile.WriteText(paths[1], string.Concat(names.Zip(scores, (n, s) => $"{CsvTable.Field(n)},{(s > line ? 1 : 0)}\n")));
        }

        return paths;
    }

    /// <summary>Writes result.csv: a row a section, then arithmetic and harmonic means and the official score. What isn't known is empty.</summary>
    public static void WriteResults(string path, IReadOnlyList<SectionResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        (string Name, Func<SectionResult, double?> Of)[] columns =
        [
            ("AUC", r => r.Auc), ("AUC (source)", r => r.AucSource), ("AUC (target)", r => r.AucTarget), ("pAUC", r => r.Pauc), ("pAUC (source)", r => r.PaucSource),
            ("pAUC (target)", r => r.PaucTarget), ("precision", r => r.Decisions?.Precision), ("precision (source)", r => r.SourceDecisions?.Precision),
            ("precision (target)", r => r.TargetDecisions?.Precision), ("recall", r => r.Decisions?.Recall), ("recall (source)", r => r.SourceDecisions?.Recall),
            ("recall (target)", r => r.TargetDecisions?.Recall), ("F1 score", r => r.Decisions?.F1), ("F1 score (source)", r => r.SourceDecisions?.F1), ("F1 score (target)", r => r.TargetDecisions?.F1),
        ];
        var text = new StringBuilder($"machine,section,{string.Join(',', columns.Select(c => c.Name))}\n");
        foreach (var result in results) Row($"{CsvTable.Field(result.Machine)},{result.Section}", columns.Select(c => c.Of(result)));
        Row("arithmetic mean,", columns.Select(c => Mean(c.Of, values => values.Average())));
        Row("harmonic mean,", columns.Select(c => Mean(c.Of, DcaseSection.HarmonicMean)));
        text.Append($"official score,,{Number(SectionResult.OfficialScore(results))}\n");
        AtomicFile.WriteText(path, text.ToString());

        void Row(string head, IEnumerable<double?> values) => text.Append(head).Append(',').AppendJoin(',', values.Select(Number)).Append('\n');

        double? Mean(Func<SectionResult, double?> of, Func<double[], double> mean)
        {
            double[] values = [.. results.Select(of).OfType<double>()];
            return values.Length == 0 ? null : mean(values);
        }
    }

    /// <summary>File names without folders, as the baseline writes them; with folders where two clips share a name.</summary>
    internal static IReadOnlyList<string> Names(IReadOnlyList<DatasetClip> clips)
    {
        string[] names = [.. clips.Select(c => Path.GetFileName(c.FileName))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : [.. clips.Select(c => c.FileName)];
    }

    private static string Number(double? value) => value?.ToString("0.################", CultureInfo.InvariantCulture) ?? "";
}

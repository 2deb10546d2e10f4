using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>The report's tables of all detectors: the ranking over machines, and for a machine the ways to build a test set, score distances, and conditions.</summary>
internal static class DetectorsPart
{
    /// <summary>What all machines together say.</summary>
    public static void AddAgreement(Page page, EvaluationResult result)
    {
        if (result.Machines.Count > 1) Machines(page, result);
        if (result.DetectorAgreement is { } detectors) Ranking(page, "Choosing a detector", "detector", detectors, result.MeanAucDifferences);
        if (result.MachineAgreement is { } machines) Ranking(page, "Ranking machines", "machine", machines, null);
    }

    /// <summary>What the detectors make of one machine.</summary>
    public static void Add(Page page, MachineResult machine)
    {
        if (machine.Detectors.Count > 0)
        {
            page.Add($"""<section class="panel scroll"><h3>Every detector, every way to build the test set (AUC)</h3>""");
            string[] heads = ["detector", "real", "real normals, generated anomalies", "generated normals and anomalies", "generated normals, real anomalies", "difference (bootstrap; DeLong)", "scores apart: normal", "anomaly"];
            Begin(page, heads);
            foreach (var detector in machine.Detectors)
                if (detector.Outcome is { } o)
                    Row(page, heads, detector.Name, Text(o.Real.Auc), Text(o.Mixed.Auc), Text(o.Generated.Auc), Text(o.Swapped.Auc), $"{Signed(o.AucDifference)}; {Bounds(o.AucDifferenceDelong)}", Apart(o.NormalScores), Apart(o.AnomalyScores));
                else
                    page.Add($"""<tr><td>{detector.Name}</td><td colspan="7">no scores: {detector.Failure}</td></tr>""");
            page.Add($"</tbody></table><p class=\"lead\">Scores apart: Wasserstein distance in deviations of the real scores / Jensen-Shannon divergence in bits / Kolmogorov-Smirnov statistic; 0 is the same.</p></section>");
        }

        if (machine.Conditions.Count == 0) return;
        page.Add($"""<section class="panel scroll"><h3>By domain and fault (AUC of the first detector)</h3>""");
        string[] parts = ["part", "normal + anomalous clips", "real", "generated", "real normals, generated anomalies"];
        Begin(page, parts);
        foreach (var c in machine.Conditions) Row(page, parts, $"{c.Kind} {c.Name}", $"{c.Normals} + {c.Anomalies}", Text(c.Real), Text(c.Generated), Text(c.Mixed));
        page.Add($"</tbody></table></section>");
    }

    private static void Machines(Page page, EvaluationResult result)
    {
        page.Add($"""<h2>Machines</h2><section class="panel scroll">""");
        string[] heads = ["machine", "clips", "AUC, real", "AUC, generated", "difference", "pAUC, real", "pAUC, generated"];
        Begin(page, heads);
        foreach (var m in result.Machines)
            Row(page, heads, $"{m.Machine} {m.Id}", $"{m.Counts.RealNormal} + {m.Counts.RealAnomaly}", Text(m.Real.Auc), Text(m.Generated.Auc), Signed(m.AucDifference), Text(m.Real.Pauc), Text(m.Generated.Pauc));
        page.Add($"</tbody></table></section>");
    }

    private static void Ranking(Page page, string title, string what, AgreementResult agreement, IReadOnlyDictionary<string, double>? differences)
    {
        page.Add($"""<h2>{title}</h2><p class="lead">Does the order on generated clips agree with the order on real ones? Kendall {Signed(agreement.Kendall)}, Spearman {Signed(agreement.Spearman)}: 1 is the same order, 0 unrelated.</p><section class="panel scroll">""");
        string[] heads = [what, "AUC, real", "AUC, generated", "place, real", "place, generated", .. differences is null ? Array.Empty<string>() : ["mean size of the difference"]];
        Begin(page, heads);
        var made = agreement.Ranking.OrderByDescending(r => r.Generated).Select(r => r.Name).ToList();
        foreach (var (i, ranked) in agreement.Ranking.Index())
        {
            string[] cells = [ranked.Name, Number(ranked.Real), Number(ranked.Generated), $"{i + 1}", $"{made.IndexOf(ranked.Name) + 1}", .. differences is null ? Array.Empty<string>() : [Number(differences[ranked.Name])]];
            Row(page, heads, cells);
        }

        page.Add($"</tbody></table></section>");
    }

    private static void Begin(Page page, string[] heads)
    {
        page.Add($"""<table class="numbers"><thead><tr>""");
        foreach (var head in heads) page.Add($"<th>{head}</th>");
        page.Add($"</tr></thead><tbody>");
    }

    /// <summary>Each cell carries its column's head, which a narrow page shows beside it instead of above.</summary>
    private static void Row(Page page, string[] heads, params string[] cells)
    {
        page.Add($"<tr>");
        foreach (var (head, cell) in heads.Zip(cells)) page.Add($"""<td data-head="{head}">{cell}</td>""");
        page.Add($"</tr>");
    }

    private static string Apart(ScoreDistances d) => string.Create(CultureInfo.InvariantCulture, $"{d.Wasserstein:0.00} / {d.JensenShannon:0.00} / {d.KolmogorovSmirnov:0.00}");

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Text(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:0.00} ({i.Low:0.00}\u00A0to\u00A0{i.High:0.00})");

    private static string Signed(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:+0.00;-0.00;0.00} {Bounds(i)}");

    private static string Bounds(Interval i) => string.Create(CultureInfo.InvariantCulture, $"({i.Low:+0.00;-0.00;0.00}\u00A0to\u00A0{i.High:+0.00;-0.00;0.00})");
}

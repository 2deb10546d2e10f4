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
            page.Add($"""<section class="panel scroll"><h3>Every detector, every way to build the test set (AUC)</h3><table class="numbers"><thead><tr><th>detector</th><th>real</th><th>real normals, generated anomalies</th><th>generated normals and anomalies</th><th>generated normals, real anomalies</th><th>difference (bootstrap; DeLong)</th><th>scores apart: normal</th><th>anomaly</th></tr></thead><tbody>""");
            foreach (var detector in machine.Detectors)
                if (detector.Outcome is { } o)
                    page.Add($"<tr><td>{detector.Name}</td><td>{Text(o.Real.Auc)}</td><td>{Text(o.Mixed.Auc)}</td><td>{Text(o.Generated.Auc)}</td><td>{Text(o.Swapped.Auc)}</td><td>{Signed(o.AucDifference)}; {Bounds(o.AucDifferenceDelong)}</td><td>{Apart(o.NormalScores)}</td><td>{Apart(o.AnomalyScores)}</td></tr>");
                else
                    page.Add($"""<tr><td>{detector.Name}</td><td colspan="7">no scores: {detector.Failure}</td></tr>""");
            page.Add($"</tbody></table><p class=\"lead\">Scores apart: Wasserstein distance in deviations of the real scores / Jensen-Shannon divergence in bits / Kolmogorov-Smirnov statistic; 0 is the same.</p></section>");
        }

        if (machine.Conditions.Count == 0) return;
        page.Add($"""<section class="panel scroll"><h3>By domain and fault (AUC of the first detector)</h3><table class="numbers"><thead><tr><th>part</th><th>normal + anomalous clips</th><th>real</th><th>generated</th><th>real normals, generated anomalies</th></tr></thead><tbody>""");
        foreach (var c in machine.Conditions)
            page.Add($"<tr><td>{c.Kind} {c.Name}</td><td>{c.Normals} + {c.Anomalies}</td><td>{Text(c.Real)}</td><td>{Text(c.Generated)}</td><td>{Text(c.Mixed)}</td></tr>");
        page.Add($"</tbody></table></section>");
    }

    private static void Machines(Page page, EvaluationResult result)
    {
        page.Add($"""<h2>Machines</h2><section class="panel scroll"><table class="numbers"><thead><tr><th>machine</th><th>clips</th><th>AUC, real</th><th>AUC, generated</th><th>difference</th><th>pAUC, real</th><th>pAUC, generated</th></tr></thead><tbody>""");
        foreach (var m in result.Machines)
            page.Add($"<tr><td>{m.Machine} {m.Id}</td><td>{m.Counts.RealNormal} + {m.Counts.RealAnomaly}</td><td>{Text(m.Real.Auc)}</td><td>{Text(m.Generated.Auc)}</td><td>{Signed(m.AucDifference)}</td><td>{Text(m.Real.Pauc)}</td><td>{Text(m.Generated.Pauc)}</td></tr>");
        page.Add($"</tbody></table></section>");
    }

    private static void Ranking(Page page, string title, string what, AgreementResult agreement, IReadOnlyDictionary<string, double>? differences)
    {
        page.Add($"""<h2>{title}</h2><p class="lead">Does the order on generated clips agree with the order on real ones? Kendall {Signed(agreement.Kendall)}, Spearman {Signed(agreement.Spearman)}: 1 is the same order, 0 unrelated.</p>""");
        page.Add($"""<section class="panel scroll"><table class="numbers"><thead><tr><th>{what}</th><th>AUC, real</th><th>AUC, generated</th><th>place, real</th><th>place, generated</th><th>{(differences is null ? "" : "mean size of the difference")}</th></tr></thead><tbody>""");
        var made = agreement.Ranking.OrderByDescending(r => r.Generated).Select(r => r.Name).ToList();
        for (var i = 0; i < agreement.Ranking.Count; i++)
        {
            var ranked = agreement.Ranking[i];
            page.Add($"<tr><td>{ranked.Name}</td><td>{Number(ranked.Real)}</td><td>{Number(ranked.Generated)}</td><td>{i + 1}</td><td>{made.IndexOf(ranked.Name) + 1}</td><td>{(differences is null ? "" : Number(differences[ranked.Name]))}</td></tr>");
        }

        page.Add($"</tbody></table></section>");
    }

    private static string Apart(ScoreDistances d) => string.Create(CultureInfo.InvariantCulture, $"{d.Wasserstein:0.00} / {d.JensenShannon:0.00} / {d.KolmogorovSmirnov:0.00}");

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Text(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:0.00} ({i.Low:0.00} to {i.High:0.00})");

    private static string Signed(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:+0.00;-0.00;0.00} {Bounds(i)}");

    private static string Bounds(Interval i) => string.Create(CultureInfo.InvariantCulture, $"({i.Low:+0.00;-0.00;0.00} to {i.High:+0.00;-0.00;0.00})");
}

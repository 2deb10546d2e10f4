namespace MimiiGen.Evaluation.Report;

/// <summary>The report's part on one machine: the table of measures and the drawings.</summary>
internal static class MachinePart
{
    public static void Add(Page page, MachineResult machine, IReadOnlyList<Check> checks, string paragraph)
    {
        var counts = machine.Counts;
        page.Add($"<h2>{machine.Machine} {machine.Id}</h2><p>{paragraph}</p>");
        page.Add($"""<p class="lead">The detector learned from {counts.TrainingNormal} real normal clips and was tested on {counts.RealNormal} normal and {counts.RealAnomaly} anomalous real clips and on {counts.GeneratedNormal} normal and {counts.GeneratedAnomaly} anomalous generated ones. Bounds in brackets are 95 % intervals.</p>""");
        page.Add($"""<section class="panel scroll"><table class="checks"><thead><tr><th>measure</th><th>value</th><th></th><th>right would be</th><th>judgement</th></tr></thead><tbody>""");
        foreach (var check in checks) Row(page, check);
        page.Add($"</tbody></table></section>");

        page.Add($"""<div class="charts"><section class="panel"><h3>How well anomalies are found</h3><ul class="legend">""");
        Key(page, "curve real", $"real, AUC {machine.Real.Auc.Estimate:0.00}, pAUC {machine.Real.Pauc.Estimate:0.00}");
        Key(page, "curve generated", $"generated, AUC {machine.Generated.Auc.Estimate:0.00}, pAUC {machine.Generated.Pauc.Estimate:0.00}");
        Key(page, "curve mixed", $"real normals, generated anomalies, AUC {machine.Mixed.Auc.Estimate:0.00}, pAUC {machine.Mixed.Pauc.Estimate:0.00}");
        page.Add($"</ul>{new Raw(RocChart.Draw(machine))}</section>");
        page.Add($"""<section class="panel"><h3>What the detector makes of each clip</h3>{new Raw(ScoreChart.Draw(machine))}</section>""");
        page.Add($"""<section class="panel wide"><h3>Where the spectrum is off</h3><ul class="legend">""");
        foreach (var clips in machine.Classes) Key(page, $"bar {clips.Name}", $"{clips.Name}, level {clips.LevelErrorDb:+0.0;−0.0;0.0} dB, spread {clips.GeneratedSpreadDb:0.00} dB (real {clips.RealSpreadDb:0.00} dB)");
        page.Add($"</ul>{new Raw(BandChart.Draw(machine))}</section></div>");
    }

    private static void Row(Page page, Check check)
    {
        var drawing = check.Interval is { } interval ? IntervalChart.Draw(interval, check.Middle) : "";
        var bracket = check.Value.IndexOf('(', StringComparison.Ordinal);
        var (value, bounds) = bracket < 0 ? (check.Value, "") : (check.Value[..bracket], check.Value[bracket..]);
        page.Add($"""<tr><td>{check.Name}</td><td class="value">{value}<span class="bounds">{bounds}</span></td><td class="drawing">{new Raw(drawing)}</td><td class="wanted" data-head="right would be">{check.Wanted}</td>""");
        if (check.Judgement is { } judgement)
        {
            var (style, mark, word) = Page.Words(judgement);
            page.Add($"""<td class="{style}"><span class="judgement">{mark} {word}</span><span class="reason">{check.Reason}</span></td></tr>""");
        }
        else
        {
            page.Add($"<td></td></tr>");
        }
    }

    private static void Key(Page page, string style, string words)
    {
        var mark = style.StartsWith("bar", StringComparison.Ordinal)
            ? $"""<rect x="9" y="1" width="12" height="10" rx="2" class="{style}"/>"""
            : $"""<line x1="2" y1="6" x2="28" y2="6" class="{style}"/>""";
        page.Add($"""<li><svg viewBox="0 0 30 12" aria-hidden="true">{new Raw(mark)}</svg>{words}</li>""");
    }
}

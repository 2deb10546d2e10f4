using System.Globalization;
using System.Text;
using MimiiGen.Checkpoints;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// Writes the report: one HTML file that needs nothing else, neither network nor scripts. Drawings are SVG, spectrograms PNG and
/// sounds WAV inside the file.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="path">The file to write; paths of <see cref="EvaluationResult.Pairs"/> are taken relative to its folder.</param>
    /// <param name="result">What to show.</param>
    /// <exception cref="BadInputException">A clip of a pair can't be read.</exception>
    public static void Write(string path, EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var verdict = Verdict.Of(result);
        var page = new Page();
        var pairs = new PairsPart(folder);

        Head(page, result);
        Summary(page, result, verdict);
        DetectorsPart.AddAgreement(page, result);
        for (var m = 0; m < result.Machines.Count; m++)
        {
            var machine = result.Machines[m];
            MachinePart.Add(page, machine, verdict.Checks[m], verdict.Paragraphs[m]);
            DetectorsPart.Add(page, machine);
            pairs.Add(page, [.. result.Pairs.Where(p => p.Machine == machine.Machine && p.Id == machine.Id)]);
        }

        SettingsPart.Add(page, result);
        page.Add($"</main></body></html>");
        AtomicFile.WriteText(path, page.ToString());
    }

    private static void Head(Page page, EvaluationResult result)
    {
        var names = string.Join(", ", result.Machines.Select(m => $"{m.Machine} {m.Id}"));
        page.Add($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">""");
        page.Add($"<title>Simulated evaluation: {names}</title>");
        page.Add($"<style>{new Raw(Style())}</style></head><body><main>");
        page.Add($"<h1>Simulated evaluation of an anomaly detector · {names} · model {result.Settings.Model}{(result.Settings.KeptOut is { } kept ? $" · kept out: {kept}" : "")}</h1>");
    }

    private static void Summary(Page page, EvaluationResult result, Verdict verdict)
    {
        var (style, mark) = verdict.Answer switch
        {
            Answer.Yes => ("good", "✓"),
            Answer.No => ("bad", "✕"),
            _ => ("doubtful", "≈"),
        };
        page.Add($"""<section class="panel verdict {style}"><p class="headline"><span class="mark">{mark}</span>{verdict.Headline}</p><p>{verdict.Explanation}</p></section>""");
        page.Add($"""<div class="figures">""");
        Figure(page, Number(result.MeanAucDifference, "0.000"), "size of the AUC difference, generated against real" + (result.Machines.Count > 1 ? ", mean over machines" : ""));
        Figure(page, Number(result.Machines.Average(m => m.Controls.GeneratedNormalAuc.Estimate), "0.00"), "AUC of generated against real normal clips; 0.5 is right");
        Figure(page, Number(result.Machines.Average(m => m.SpreadRatio), "0.00"), "spread between generated clips over the real spread; 1 is right");
        if (result.Fad is { } fad)
            Figure(page, Number(fad.Value, "0.00"), $"Fréchet audio distance; real clips themselves get {Number(fad.Floor, "0.00")}");
        page.Add($"</div>");
    }

    private static void Figure(Page page, string number, string what) =>
        page.Add($"""<div class="panel"><div class="number">{number}</div><div class="what">{what}</div></div>""");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

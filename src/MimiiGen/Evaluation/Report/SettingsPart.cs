using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>The report's end: how to read it, and how to get it again.</summary>
internal static class SettingsPart
{
    private static readonly (string Term, string Meaning)[] Notes =
    [
        ("AUC", "The chance that the detector scores an anomaly above a normal clip: 0.5 is guessing, 1 is perfect. pAUC looks only at the first tenth of false alarms."),
        ("AUC difference", "The AUC on generated clips minus the AUC on real ones. It is what the method is after, and it is no proof alone: clips that are all alike, or merely sound processed, can get it right by chance."),
        ("Resampling alone, codec round trip, generated normal clips", "Each asks whether the detector tells clips that should sound normal from real normal ones. 0.5 is right. Well above it, the detector hears the processing instead of the machine; well below it, the clips are more ordinary than ordinary."),
        ("Training normal clips", "The same of the clips that the detector learned from. Where it isn't near 0.5, training and test recordings themselves differ to the detector, and generated clips, which are like the training clips, can't do better but by luck."),
        ("Spread between clips", "How much clips of a class differ from each other in their band levels, generated over real. A generator that makes the same clip over and over passes the AUC test and is useless."),
        ("Variance over time", "How much the level of each of 128 mel bands changes within a clip, generated over real. A generator that averages over what it can't predict makes clips that are too smooth."),
        ("Nearest training clip", "Distance to the nearest training clip, generated over unseen real clips. Far below 1, the generator copies what it was trained on; far above 1, its clips are like nothing real."),
        ("Nearer than any real clip", "Share of the generated clips that are nearer to a training clip than any unseen real clip is. Beside k real clips, 1 in k + 1 would be by chance; more are copies."),
        ("Fréchet audio distance", "Distance between the embeddings of generated and of real clips. It depends on the embedding and on the number of clips: compare it with what real clips get, and with figures of the same settings only."),
    ];

    public static void Add(Page page, EvaluationResult result)
    {
        var settings = result.Settings;
        page.Add($"""<h2>How to read this</h2><section class="panel notes"><dl>""");
        foreach (var (term, meaning) in Notes) page.Add($"<div><dt>{term}</dt><dd>{meaning}</dd></div>");
        page.Add($"""</dl></section><h2>How to get it again</h2><section class="panel"><pre>{settings.Command}</pre><div class="scroll"><table class="settings"><tbody>""");
        Row(page, "data", settings.Data);
        if (settings.KeptOut is { } kept) Row(page, "kept out", kept);
        Row(page, "model", settings.Model);
        foreach (var (file, hash) in settings.WeightsSha256) Row(page, $"SHA-256 of {file}", hash);
        Row(page, "seed", settings.Seed.ToString(CultureInfo.InvariantCulture));
        Row(page, "sampler", FormattableString.Invariant($"{settings.Sampler}, {settings.Steps} steps, guidance {settings.Guidance}"));
        Row(page, "detector", settings.Detector);
        Row(page, "resampler", settings.Resampler);
        Row(page, "intervals", settings.Intervals);
        if (settings.Embedding is not null) Row(page, "embedding", $"{settings.Embedding}, SHA-256 {settings.EmbeddingSha256}");
        if (result.Fad is { } fad) Row(page, "embeddings compared", FormattableString.Invariant($"{fad.GeneratedEmbeddings} generated, {fad.RealEmbeddings} real"));
        Row(page, "program", $"{settings.Version}, libtorch {settings.Torch}");
        Row(page, "machine", FormattableString.Invariant($"{settings.Device}, {settings.Threads} threads, {result.Seconds:f0} s"));
        page.Add($"</tbody></table></div></section>");
        page.Add($"<footer>All figures are in results.json beside this file.</footer>");
    }

    private static void Row(Page page, string name, string value) => page.Add($"<tr><td>{name}</td><td>{value}</td></tr>");
}

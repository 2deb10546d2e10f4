using MimiiGen.Audio;

namespace MimiiGen.Evaluation.Report;

/// <summary>The report's pairs of a real and a generated clip: spectrograms in one scale of colours, and players.</summary>
internal sealed class PairsPart(string folder)
{
    /// <summary>Characters of all pairs together; what is left over below 25 MB is ample for the rest.</summary>
    private const int LargestSize = 22_000_000;

    private int size;

    public void Add(Page page, IReadOnlyList<ClipPair> pairs)
    {
        if (pairs.Count == 0) return;
        page.Add($"""<h2>Look and listen</h2><p class="lead">Real on the left, generated from the same metadata on the right. Both pictures of a pair share one scale of colours, {Spectrogram.RangeDb} dB from black to the loudest points.</p><div class="pairs">""");
        var shown = 0;
        foreach (var pair in pairs)
        {
            var html = Draw(pair);
            if (size + html.Length > LargestSize) break;
            size += html.Length;
            shown++;
            page.Add($"{new Raw(html)}");
        }

        page.Add($"</div>");
        if (shown < pairs.Count)
            page.Add($"""<p class="lead">{pairs.Count - shown} more pairs are not shown, to keep this file small; their clips lie beside it.</p>""");
    }

    private string Draw(ClipPair pair)
    {
        var real = WavFile.Read(Path.Combine(folder, pair.Real));
        var generated = WavFile.Read(Path.Combine(folder, pair.Generated));
        var realPicture = Spectrogram.Of(real);
        var generatedPicture = Spectrogram.Of(generated);
        var top = Math.Max(realPicture.LoudestDb, generatedPicture.LoudestDb);
        var page = new Page();
        page.Add($"""<section class="panel pair"><p class="caption"><span class="class {pair.Class}">{pair.Class}</span><b>{pair.Caption}</b>{(pair.Note.Length > 0 ? " · " + pair.Note : "")}</p>""");
        Side(page, "real", pair.Real, real, realPicture, top);
        Side(page, "generated", pair.Generated, generated, generatedPicture, top);
        page.Add($"</section>");
        return page.ToString();
    }

    private static void Side(Page page, string what, string path, Waveform clip, Spectrogram picture, double top)
    {
        var name = Path.GetFileName(path);
        page.Add($"""<figure><figcaption><b>{what}</b> {name}</figcaption>{new Raw(SpectrogramChart.Draw(picture, top, $"Spectrogram, {what}: {name}"))}<audio controls preload="metadata" src="data:audio/wav;base64,{new Raw(Wav(clip))}"></audio></figure>""");
    }

    private static string Wav(Waveform clip)
    {
        using var stream = new MemoryStream();
        new WavEncoder(1, clip.SampleRate, clip.Length, WavEncoding.Pcm16).Write(stream, [Waveform.Mono(clip.Channel(0), clip.SampleRate)]);
        return Convert.ToBase64String(stream.ToArray());
    }
}

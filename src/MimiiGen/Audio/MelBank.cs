namespace MimiiGen.Audio;

/// <summary>Banks of triangular filters that gather the bins of a spectrum into mel bands: weights of shape (mels, bins).</summary>
public static class MelBank
{
    /// <summary>Triangles that are straight in Hz, as librosa and torchaudio make them.</summary>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="fftLength">N; bins are N/2 + 1.</param>
    /// <param name="mels">Number of bands.</param>
    /// <param name="lowest">Lower edge of the first band (Hz).</param>
    /// <param name="highest">Upper edge of the last band (Hz), at most half the sample rate.</param>
    /// <param name="scale">Where the bands lie.</param>
    /// <param name="equalArea">True: every triangle has area 1 in Hz ("slaney" norm); false: every triangle peaks at 1.</param>
    /// <returns>(mels, bins). Bands narrower than a bin can come out empty.</returns>
    public static double[,] InHertz(int sampleRate, int fftLength, int mels, double lowest, double highest, MelScale scale, bool equalArea)
    {
        ArgumentNullException.ThrowIfNull(scale);
        double[] edges = [.. scale.Points(lowest, highest, mels + 2).Select(scale.ToHertz)];
        return Triangles(edges, BinFrequencies(sampleRate, fftLength), m => equalArea ? 2 / (edges[m + 2] - edges[m]) : 1);
    }

    /// <summary>Triangles that are straight in mel and peak at 1, as Kaldi (EfficientAT) and VGGish make them.</summary>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="fftLength">N; bins are N/2 + 1.</param>
    /// <param name="mels">Number of bands.</param>
    /// <param name="lowest">Lower edge of the first band (Hz).</param>
    /// <param name="highest">Upper edge of the last band (Hz).</param>
    /// <returns>(mels, bins).</returns>
    public static double[,] InMel(int sampleRate, int fftLength, int mels, double lowest, double highest)
    {
        var scale = MelScale.Kaldi;
        double[] bins = [.. BinFrequencies(sampleRate, fftLength).Select(scale.ToMel)];
        return Triangles(scale.Points(lowest, highest, mels + 2), bins, _ => 1);
    }

    private static double[] BinFrequencies(int sampleRate, int fftLength) =>
        [.. Enumerable.Range(0, (fftLength / 2) + 1).Select(k => (double)k * sampleRate / fftLength)];

    private static double[,] Triangles(double[] edges, double[] bins, Func<int, double> peak)
    {
        var bank = new double[edges.Length - 2, bins.Length];
        for (var m = 0; m < bank.GetLength(0); m++)
        {
            for (var k = 0; k < bins.Length; k++)
            {
                var rise = (bins[k] - edges[m]) / (edges[m + 1] - edges[m]);
                var fall = (edges[m + 2] - bins[k]) / (edges[m + 2] - edges[m + 1]);
                bank[m, k] = Math.Max(0, Math.Min(rise, fall)) * peak(m);
            }
        }

        return bank;
    }
}

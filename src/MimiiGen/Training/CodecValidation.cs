using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>How well a codec returns clips that it was not trained on.</summary>
/// <param name="SnrDb">Signal-to-noise ratio of the waveform, mean over clips.</param>
/// <param name="SpectralDistance">Mean absolute difference of log spectra in nepers (<see cref="SpectralLoss"/>).</param>
/// <param name="BandErrorDb">Absolute level error per octave band centred on 63, 125, ... 8000 Hz, mean over clips; 0 for a band above what the recordings hold.</param>
public sealed record CodecValidation(double SnrDb, double SpectralDistance, IReadOnlyList<double> BandErrorDb)
{
    private static readonly double[] Centres = [63, 125, 250, 500, 1000, 2000, 4000, 8000];

    /// <summary>One number to choose the best state by: spectral distance, and the mean band error in nepers.</summary>
    public double Score => SpectralDistance + (BandErrorDb.Average() / 8.686);

    internal static CodecValidation Measure(EncodecModel model, IReadOnlyList<Tensor> clips, SpectralLoss spectral, double highest, double? bandwidth = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        double snr = 0, distance = 0;
        var bands = new double[Centres.Length];
        foreach (var clip in clips)
        {
            using var step = NewDisposeScope();
            var original = clip.reshape(1, 1, -1); // (1, 1, samples)
            var latents = model.Encode(original);
            if (bandwidth is { } rate) latents = model.Dequantize(model.Quantize(latents, rate));
            var copy = model.Decode(latents).narrow(2, 0, original.shape[2]);
            snr += 10 * Math.Log10((original.square().sum() / (original - copy).square().sum()).ToDouble());
            distance += spectral.Compare(original[0], copy[0]).ToDouble();
            var a = Levels(original[0, 0], model.Config.SamplingRate, highest);
            var b = Levels(copy[0, 0], model.Config.SamplingRate, highest);
            for (var k = 0; k < bands.Length; k++) bands[k] += Math.Abs(a[k] - b[k]);
        }

        var count = clips.Count;
        return new CodecValidation(snr / count, distance / count, [.. bands.Select(b => b / count)]);
    }

    private static double[] Levels(Tensor samples, int sampleRate, double highest)
    {
        using var scope = NewDisposeScope();
        var power = fft.rfft(samples).abs().square(); // (samples / 2 + 1)
        var perHertz = (double)samples.shape[0] / sampleRate;
        return [.. Centres.Select(c =>
        {
            var from = (long)Math.Ceiling(c / Math.Sqrt(2) * perHertz);
            var to = (long)Math.Ceiling(Math.Min(c * Math.Sqrt(2), highest) * perHertz);
            return 10 * Math.Log10(power.narrow(0, from, Math.Max(0, to - from)).sum().ToDouble() + 1e-30);
        })];
    }
}

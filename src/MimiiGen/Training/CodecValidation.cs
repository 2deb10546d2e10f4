using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Training.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>How well a codec returns clips that it was not trained on.</summary>
/// <param name="SnrDb">Signal-to-noise ratio of the waveform, mean over clips.</param>
/// <param name="SpectralDistance">Mean absolute difference of log spectra in nepers (<see cref="SpectralLoss"/>).</param>
/// <param name="LogMelDb">Mean absolute difference of log-mel spectra in dB: 1024 samples, 128 Slaney bands up to what the recordings hold.</param>
/// <param name="BandErrorDb">Absolute level error per octave band centred on 63, 125, ... 8000 Hz, mean over clips; 0 for a band above what the recordings hold.</param>
/// <param name="CodebookUse">Perplexity of the codes relative to the number of entries, 0 to 1, mean over codebooks; none where they take no part.</param>
public sealed record CodecValidation(double SnrDb, double SpectralDistance, double LogMelDb, IReadOnlyList<double> BandErrorDb, double? CodebookUse)
{
    private const double PowerFloor = 1e-10;
    private static readonly double[] Centres = [63, 125, 250, 500, 1000, 2000, 4000, 8000];

    /// <summary>One number to choose the best state by: spectral distance, and the mean band error in nepers.</summary>
    public double Score => SpectralDistance + (BandErrorDb.Average() / 8.686);

    internal static CodecValidation Measure(EncodecModel model, CodecClips clips, SpectralLoss spectral, double? bandwidth = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var mel = new MelSpectrum(model.Config.SamplingRate, 1024, 128, clips.Highest, MelScale.Slaney, clips.Device);
        var counts = zeros(model.Quantizer.Count, model.Config.CodebookSize, device: clips.Device);
        double snr = 0, distance = 0, logMel = 0;
        var bands = new double[Centres.Length];
        foreach (var clip in clips.HeldOut)
        {
            using var step = NewDisposeScope();
            var original = clip.to(clips.Device); // (samples)
            var copy = RoundTrip(model, original, bandwidth, counts);
            snr += 10 * Math.Log10((original.square().sum() / (original - copy).square().sum()).ToDouble());
            distance += spectral.Compare(original.unsqueeze(0), copy.unsqueeze(0)).ToDouble();
            logMel += (Decibels(mel, original) - Decibels(mel, copy)).abs().mean().ToDouble();
            var a = Levels(original, model.Config.SamplingRate, clips.Highest);
            var b = Levels(copy, model.Config.SamplingRate, clips.Highest);
            for (var k = 0; k < bands.Length; k++) bands[k] += Math.Abs(a[k] - b[k]);
        }

        var count = clips.HeldOut.Count;
        return new CodecValidation(snr / count, distance / count, logMel / count, [.. bands.Select(b => b / count)], bandwidth is { } rate ? Use(counts[..model.Config.QuantizersFor(rate)]) : null);
    }

    /// <summary>A waveform (samples) once through the codec, at a bandwidth or unquantised; its codes are added to <paramref name="counts"/> (codebooks, entries).</summary>
    internal static Tensor RoundTrip(EncodecModel model, Tensor samples, double? bandwidth, Tensor? counts = null)
    {
        using var scope = NewDisposeScope();
        var latents = model.Encode(samples.reshape(1, 1, -1)); // (1, hidden, frames)
        if (bandwidth is { } rate)
        {
            var codes = model.Quantize(latents, rate); // (codebooks, 1, frames)
            if (counts is not null)
                for (var i = 0; i < codes.shape[0]; i++) counts[i].index_add_(0, codes[i, 0], ones_like(codes[i, 0], ScalarType.Float32), 1);
            latents = model.Dequantize(codes);
        }

        return model.Decode(latents)[0, 0].narrow(0, 0, samples.shape[0]).MoveToOuterDisposeScope(); // (samples)
    }

    private static Tensor Decibels(MelSpectrum mel, Tensor samples) => 10 * mel.Power(samples.unsqueeze(0)).clamp_min(PowerFloor).log10();

    private static double Use(Tensor counts) // (codebooks, entries)
    {
        var share = counts / counts.sum([1], keepdim: true);
        var perplexity = share.clamp_min(1e-12).pow(-share).prod(1); // (codebooks)
        return (perplexity / counts.shape[1]).mean().ToDouble();
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

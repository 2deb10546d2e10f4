using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Diffusion;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Generation;

/// <summary>Clips several times as long as those of the training: nothing tells where one window ends and the next begins.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class LongClipTests(TinyModel tiny)
{
    private const int Rate = TinyRecordings.SampleRate;
    private const double Seconds = 8;

    [Fact]
    public void LevelAndSpectrumChangeAtSeamsNoMoreThanElsewhere()
    {
        using var model = SoundModel.Load(tiny.Folder);
        var clip = new ClipGenerator(model, new SamplingSettings(Steps: 6)).Generate(ClipRequest.For(new ClipMetadata { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 }, 4, Seconds));
        var samples = clip.Waveform.Channel(0);
        var (trained, frameRate) = (model.Config.TrainedFrames, (double)model.Codec.Config.SamplingRate / model.Codec.Config.HopLength);
        var starts = new WindowedPrediction((x, _) => x.alias(), trained, trained / 4).Starts((int)Math.Ceiling(Seconds * frameRate));
        Assert.True(starts.Count > 8);
        double[] seams = [.. starts.Skip(1).Concat(starts.SkipLast(1).Select(s => s + trained)).Select(f => f / frameRate)];

        foreach (var (name, curve) in new[] { ("level", LevelSteps(samples)), ("flux", Flux(samples)) })
        {
            var near = Enumerable.Range(0, curve.Length).Where(i => seams.Any(s => Math.Abs(s - (i + 1) * 0.05) < 0.06)).ToHashSet();
            var at = curve.Where((_, i) => near.Contains(i)).Average();
            double[] elsewhere = [.. curve.Where((_, i) => !near.Contains(i))];
            var spread = Math.Sqrt(elsewhere.Average(v => Math.Pow(v - elsewhere.Average(), 2)) / near.Count);
            Assert.True(at < elsewhere.Average() + (3 * spread), $"{name} at seams {at:0.000}, elsewhere {elsewhere.Average():0.000} +- {spread:0.000}");
        }
    }

    /// <summary>dB between each 50 ms and the next.</summary>
    private static double[] LevelSteps(float[] samples)
    {
        var levels = samples.Chunk(Rate / 20).Select(c => Levels.Rms(c)).ToArray();
        return [.. levels.Skip(1).Zip(levels, (b, a) => Math.Abs(b - a))];
    }

    /// <summary>Distance of the log spectra, smoothed to 32 bands, of each 50 ms and the next.</summary>
    private static double[] Flux(float[] samples)
    {
        using var scope = NewDisposeScope();
        var spectra = samples.Chunk(Rate / 20).Where(c => c.Length == Rate / 20)
            .Select(c => fft.rfft(tensor(c)).abs().square()[TensorIndex.Slice(1, 385)].view(32, 12).mean([1]).log()).ToArray();
        return [.. spectra.Skip(1).Zip(spectra, (b, a) => (b - a).square().mean().sqrt().ToDouble())];
    }
}

using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>What compares a generated clip with the real one it was made for: means over pairs, intervals by bootstrap over pairs.</summary>
internal sealed class PairScores(ScoredSet real, ScoredSet generated, ClipPairs pairs, ScoreOptions options, ScoreSheet sheet)
{
    private const int Few = 10; // pairs

    private readonly ScoreBasis basis = new(
        [.. pairs.Pairs.Select(p => p.Real).Distinct().Select(i => real.Clips[i])], [.. pairs.Pairs.Select(p => p.Generated).Distinct().Select(i => generated.Clips[i])]);

    public void AddAll(IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var first = tensor(pairs.Pairs.Select(p => (long)p.Real).ToArray());
        var second = tensor(pairs.Pairs.Select(p => (long)p.Generated).ToArray());
        if (real.Logits is { } target && generated.Logits is { } prediction)
        {
            var (t, p) = (target.index_select(0, first), prediction.index_select(0, second)); // (pairs, classes)
            OfEmbeddings("KL of classes, softmax", ClassDivergence.SoftmaxOfPairs(t, p), "0");
            OfEmbeddings("KL of classes, sigmoid", ClassDivergence.SigmoidOfPairs(t, p), "0");
        }

        var (a, b) = (nn.functional.normalize(real.Means.index_select(0, first), 2, 1), nn.functional.normalize(generated.Means.index_select(0, second), 2, 1));
        OfEmbeddings("cosine of embeddings", (a * b).sum(1).data<double>().ToArray(), "1");
        Waveforms(progress, stop);
    }

    private void Waveforms(IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var done = 0;
        var values = InParallel.Select(pairs.Pairs, pair =>
        {
            var (target, estimate, rate) = Read(pair);
            var (decibels, ssrEval) = (LogSpectralDistance.Decibels(target, estimate), LogSpectralDistance.SsrEval(target, estimate, rate));
            var (resolutions, ratio) = (MultiResolutionStft.Of(target, estimate), ScaleInvariantSdr.Of(target, estimate));
            progress?.Report(new WorkProgress("comparing pairs", Interlocked.Increment(ref done), pairs.Pairs.Count));
            return (decibels, ssrEval, resolutions, ratio);
        }, stop);
        OfSound("log-spectral distance (dB)", [.. values.Select(v => v.decibels)], "0");
        OfSound("log-spectral distance (ssr_eval)", [.. values.Select(v => v.ssrEval)], "0");
        OfSound("multi-resolution STFT distance", [.. values.Select(v => v.resolutions)], "0");
        OfSound("SI-SDR (dB)", [.. values.Select(v => v.ratio)], "large where a copy is wanted");
    }

    /// <summary>Both sounds at the real one's rate, cut to the shorter.</summary>
    private (float[] Target, float[] Estimate, int Rate) Read((int Real, int Generated) pair)
    {
        var target = WavFile.Read(real.Clips[pair.Real].Path);
        var estimate = WavFile.Read(generated.Clips[pair.Generated].Path);
        var at = KaiserResampler.KaiserBest.Resample(estimate.Channel(options.Channel), estimate.SampleRate, target.SampleRate);
        var length = Math.Min(target.Length, at.Length);
        return length >= MultiResolutionStft.ShortestInput
            ? (target.Channel(options.Channel)[..length].ToArray(), at[..length], target.SampleRate)
            : throw new BadInputException($"{real.Clips[pair.Real].Path}: {length} samples in common with {generated.Clips[pair.Generated].Name} are too few to compare; at least {MultiResolutionStft.ShortestInput} are needed");
    }

    private void OfEmbeddings(string metric, double[] values, string right)
    {
        var interval = Interval(values);
        sheet.OfEmbeddings($"{metric}, pairs", interval.Estimate, [interval.Low, interval.High], right, Verdict(), basis: basis);
    }

    private void OfSound(string metric, double[] values, string right)
    {
        var interval = Interval(values);
        sheet.OfSound($"{metric}, pairs", interval.Estimate, [interval.Low, interval.High], right, ClipReader.Resampler, Verdict(), basis);
    }

    private string? Verdict() => pairs.Pairs.Count < Few ? $"too few pairs ({pairs.Pairs.Count}): a mean of so few says little" : null;

    private Interval Interval(double[] values) => Bootstrap.Of([values], drawn => drawn[0].Average(), options.Seed);
}

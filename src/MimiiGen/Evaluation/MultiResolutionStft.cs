using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The multi-resolution STFT distance (Yamamoto et al. 2020, arXiv 1910.11480, as auraloss computes it): spectral convergence plus the mean
/// absolute difference of log magnitudes, averaged over three resolutions.
/// </summary>
public static class MultiResolutionStft
{
    private const double SmallestPower = 1e-8;

    private static readonly Stft[] Resolutions =
    [
        new(1024, 120, StftPadding.Reflection, windowLength: 600),
        new(2048, 240, StftPadding.Reflection, windowLength: 1200),
        new(512, 50, StftPadding.Reflection, windowLength: 240),
    ];

    /// <summary>The fewest samples that can be compared.</summary>
    public static int ShortestInput => Resolutions.Max(r => r.ShortestInput);

    /// <summary>The distance; 0 for equal signals.</summary>
    /// <param name="target">The original, whose magnitude the convergence is divided by.</param>
    /// <param name="estimate">Its copy, as long.</param>
    /// <exception cref="BadInputException">Fewer samples than <see cref="ShortestInput"/>.</exception>
    public static double Of(ReadOnlySpan<float> target, ReadOnlySpan<float> estimate)
    {
        using var scope = NewDisposeScope();
        var t = tensor(target.ToArray(), ScalarType.Float64);
        var e = tensor(estimate.ToArray(), ScalarType.Float64);
        return Resolutions.Average(resolution => At(resolution, t, e));
    }

    private static double At(Stft resolution, Tensor target, Tensor estimate)
    {
        using var scope = NewDisposeScope();
        var t = resolution.Power(target).clamp_min(SmallestPower).sqrt(); // (bins, frames)
        var e = resolution.Power(estimate).clamp_min(SmallestPower).sqrt();
        var convergence = (t - e).square().sum().sqrt() / t.square().sum().sqrt();
        return (convergence + (t.log() - e.log()).abs().mean()).ToDouble();
    }
}

using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// A detector without a network: a clip is its log-mel spectrum averaged over time, each band standardised by the normal
/// clips, and its score the mean Euclidean distance to the nearest of them. Small training sets suit it.
/// </summary>
/// <param name="neighbours">How many nearest normal clips count, at least 1; never more than there are.</param>
public sealed class NeighbourDetector(int neighbours = 1) : IDetector
{
    private LogMelVectors? features;
    private Tensor? mean;
    private Tensor? deviation;
    private Tensor? normals;

    /// <inheritdoc/>
    public string Name => $"nearest neighbours (k = {neighbours}, mean log-mel)";

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        var spectraOf = new LogMelVectors(LogMelVectors.RateOf(normalClips));
        using var scope = NewDisposeScope();
        var profiles = new List<Tensor>();
        foreach (var clip in normalClips)
        {
            cancel.ThrowIfCancellationRequested();
            profiles.Add(Profile(spectraOf, clip));
            progress?.Report(new WorkProgress("fitting nearest neighbours", profiles.Count, normalClips.Count));
        }

        var all = stack(profiles, 0); // (clips, mels)
        Dispose();
        features = spectraOf;
        mean = all.mean([0L]).DetachFromDisposeScope(); // (mels)
        var spread = all.std(0, unbiased: false);
        deviation = spread.masked_fill(spread == 0, 1).DetachFromDisposeScope(); // (mels); a band that never varies stays as it is
        normals = ((all - mean) / deviation).DetachFromDisposeScope(); // (clips, mels)
    }

    /// <inheritdoc/>
    public double Score(Waveform clip)
    {
        if (features is null) throw new InvalidOperationException("the detector is not fitted yet");
        using var scope = NewDisposeScope();
        var profile = (Profile(features, clip) - mean!) / deviation!; // (mels)
        var distances = (normals! - profile).square().sum(1).sqrt(); // (clips)
        return distances.sort().Values[..Math.Min(neighbours, (int)distances.shape[0])].mean().ToDouble();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mean?.Dispose();
        deviation?.Dispose();
        normals?.Dispose();
    }

    private static Tensor Profile(LogMelVectors features, Waveform clip)
    {
        using var scope = NewDisposeScope();
        return features.Spectrum(clip).mean([0L], type: ScalarType.Float64).MoveToOuterDisposeScope(); // (mels)
    }
}

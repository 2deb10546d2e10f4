using MimiiGen.Audio;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>A detector that hears one clip at a time and whose knowledge is a few tensors, so that it can be kept in a file.</summary>
public abstract class SoundDetector : IDetector
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Sample rate of the clips it was fitted to, in Hz; 0 before.</summary>
    public abstract int SampleRate { get; }

    /// <summary>
    /// The scores of the clips it was fitted to, in their order; a detector that remembers clips gives each the score it would have if it weren't among them. Empty
    /// before the fit.
    /// </summary>
    public abstract IReadOnlyList<double> TrainingScores { get; }

    /// <summary>Learns from normal clips of one sample rate, anew each time it is called.</summary>
    /// <exception cref="BadInputException">As <see cref="IDetector.Fit"/>.</exception>
    public abstract void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default);

    /// <summary>The clip's anomaly score.</summary>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    /// <exception cref="BadInputException">The clip is of another rate, too short, or not a number.</exception>
    public abstract double Score(Waveform clip);

    /// <inheritdoc/>
    public virtual void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(normalClips);
        Fit([.. normalClips.Select(c => c.Sound)], progress, cancel);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        return [.. clips.Select(clip =>
        {
            cancel.ThrowIfCancellationRequested();
            return Score(clip.Sound);
        })];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>All that it learned, by name; the tensors themselves.</summary>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    internal abstract IReadOnlyDictionary<string, Tensor> State();

    /// <summary>Takes up what another one learned.</summary>
    /// <param name="sampleRate">Of the clips it was fitted to, in Hz.</param>
    /// <param name="state">By the names of <see cref="State"/>; copied.</param>
    /// <param name="source">Where they come from, for errors.</param>
    /// <exception cref="BadInputException">A tensor is missing or has another shape.</exception>
    internal abstract void Restore(int sampleRate, IReadOnlyDictionary<string, Tensor> state, string source);

    /// <summary>Frees the tensors.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>The exception of a detector that was asked before it learned.</summary>
    protected static InvalidOperationException NotFitted() => new("the detector is not fitted yet");
}

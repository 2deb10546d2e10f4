namespace MimiiGen.Detection;

/// <summary>
/// An unsupervised anomaly detector: fitted to normal clips alone, it gives any clip a score, the higher the more anomalous.
/// Clips may differ in length.
/// </summary>
public interface IDetector : IDisposable
{
    /// <summary>What it is, in a few words for a table.</summary>
    string Name { get; }

    /// <summary>Learns from normal clips, anew each time it is called.</summary>
    /// <param name="normalClips">Clips of one sample rate, at least one.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancel">Stops it; the detector is then not fitted.</param>
    /// <exception cref="BadInputException">There are no clips, they differ in rate, or one is too short, silent or not a number.</exception>
    void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default);

    /// <summary>The clips' anomaly scores, in their order.</summary>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    /// <exception cref="BadInputException">A clip is of another rate, too short, or not a number, or has no score.</exception>
    IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default);
}

namespace MimiiGen.Detection;

/// <summary>Several detectors of one kind, such as from several seeds; a clip's score is the mean of theirs, so that one start's luck weighs less.</summary>
/// <param name="detectors">At least one; disposed along.</param>
public sealed class MeanDetector(IReadOnlyList<IDetector> detectors) : IDetector
{
    /// <inheritdoc/>
    public string Name => detectors.Count == 1 ? detectors[0].Name : $"{detectors[0].Name}, mean of {detectors.Count} seeds";

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        for (var i = 0; i < detectors.Count; i++)
        {
            var done = i;
            detectors[i].Fit(normalClips, progress is null ? null : new Share(p => progress.Report(p with { Done = done + (p.Fraction ?? 0), Total = detectors.Count })), cancel);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default)
    {
        IReadOnlyList<double>[] scores = [.. detectors.Select(d => d.Score(clips, cancel))];
        return [.. Enumerable.Range(0, clips.Count).Select(i => scores.Average(s => s[i]))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var detector in detectors) detector.Dispose();
    }

    private sealed class Share(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}

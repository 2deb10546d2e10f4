using MimiiGen.Audio;
using MimiiGen.Detection;

namespace MimiiGen.Evaluation;

/// <summary>The baseline's auto-encoder trained from several seeds; a clip's score is the mean of theirs, so that one start's luck weighs less.</summary>
internal sealed class DetectorEnsemble : IDisposable
{
    private readonly MeanDetector detectors;

    public DetectorEnsemble(IReadOnlyList<Waveform> normals, EvaluationOptions options, Action<double> progress, CancellationToken stop)
    {
        detectors = new MeanDetector([.. Enumerable.Range(0, options.DetectorSeeds).Select(s => new AutoEncoderDetector(new(Epochs: options.Epochs, Seed: (options.Seed * 1000) + (ulong)s)))]);
        detectors.Fit(Clips(normals), new Share(progress), stop);
    }

    /// <summary>What the detector is, in words, for the record.</summary>
    public static string Describe(EvaluationOptions options) =>
        $"auto-encoder of the DCASE baseline, {options.Epochs} epochs, mean score of {options.DetectorSeeds} seeds";

    public double[] Score(IReadOnlyList<Waveform> clips) => [.. detectors.Score(Clips(clips))];

    public void Dispose() => detectors.Dispose();

    private static DetectorClip[] Clips(IReadOnlyList<Waveform> clips) => [.. clips.Select((sound, i) => new DetectorClip($"{i}", sound))];

    private sealed class Share(Action<double> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value.Fraction ?? 0);
    }
}

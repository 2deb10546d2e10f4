using MimiiGen.Audio;
using MimiiGen.Detection;

namespace MimiiGen.Evaluation;

/// <summary>The baseline's auto-encoder trained from several seeds; a clip's score is the mean of theirs, so that one start's luck weighs less.</summary>
internal sealed class DetectorEnsemble : IDisposable
{
    private readonly AutoEncoderDetector[] detectors;

    public DetectorEnsemble(IReadOnlyList<Waveform> normals, EvaluationOptions options, Action<double> progress, CancellationToken stop)
    {
        detectors = [.. Enumerable.Range(0, options.DetectorSeeds).Select(s => new AutoEncoderDetector(new(Epochs: options.Epochs, Seed: (options.Seed * 1000) + (ulong)s)))];
        for (var i = 0; i < detectors.Length; i++)
        {
            var done = i;
            detectors[i].Fit(normals, new Share(share => progress((done + share) / detectors.Length)), stop);
        }
    }

    /// <summary>What the detector is, in words, for the record.</summary>
    public static string Describe(EvaluationOptions options) =>
        $"auto-encoder of the DCASE baseline, {options.Epochs} epochs, mean score of {options.DetectorSeeds} seeds";

    public double[] Score(IReadOnlyList<Waveform> clips) => [.. clips.Select(c => detectors.Average(d => d.Score(c)))];

    public void Dispose()
    {
        foreach (var detector in detectors) detector.Dispose();
    }

    private sealed class Share(Action<double> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value.Fraction ?? 0);
    }
}

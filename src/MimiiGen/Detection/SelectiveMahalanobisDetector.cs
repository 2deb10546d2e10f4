using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The selective Mahalanobis mode of the DCASE baseline on an auto-encoder of it: covariances of the residual on normal clips of the source and of the
/// target domain, and for a clip the smaller of the two distances. Where no clip is of the target domain, the source's stands for both.
/// </summary>
/// <param name="autoEncoder">Trained along unless it has learned from the same clips already; disposed along.</param>
/// <param name="seed">Draws the batches of the covariances.</param>
public sealed class SelectiveMahalanobisDetector(AutoEncoderDetector autoEncoder, ulong seed = 0) : SoundDetector
{
    private const int BatchSize = 256;

    private Tensor? sourcePrecision;
    private Tensor? targetPrecision;
    private double[] trainingScores = [];

    /// <inheritdoc/>
    public override string Name => "selective Mahalanobis (DCASE baseline)";

    /// <inheritdoc/>
    public override int SampleRate => autoEncoder.SampleRate;

    /// <inheritdoc/>
    public override IReadOnlyList<double> TrainingScores => trainingScores;

    private AutoEncoder Network => (AutoEncoder)(autoEncoder.Network ?? throw NotFitted());

    /// <inheritdoc/>
    public override void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default) =>
        Fit([.. normalClips.Select(c => new DetectorClip("", c))], progress, cancel);

    /// <inheritdoc/>
    public override void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        Waveform[] sounds = [.. normalClips.Select(c => c.Sound)];
        if (!autoEncoder.LearnedFrom(sounds)) autoEncoder.Fit(sounds, progress, cancel);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var source = Covariance(normalClips.Where(c => c.Domain != "target"));
        var target = Covariance(normalClips.Where(c => c.Domain == "target"));
        if ((source ?? target) is not { } any) throw new BadInputException("a covariance can't be taken of no clips: give normal clips");
        Network.SourceCovariance.copy_(source ?? any);
        Network.TargetCovariance.copy_(target ?? any);
        Invert();
        trainingScores = [.. sounds.Select(Score)];
    }

    /// <inheritdoc/>
    public override double Score(Waveform clip)
    {
        if (sourcePrecision is null || targetPrecision is null) throw NotFitted();
        using var scope = NewDisposeScope();
        return SelectiveMahalanobis.Score(autoEncoder.Residual(clip), sourcePrecision, targetPrecision);
    }

    internal override IReadOnlyDictionary<string, Tensor> State() => autoEncoder.State();

    internal override void Restore(int sampleRate, IReadOnlyDictionary<string, Tensor> state, string source)
    {
        autoEncoder.Restore(sampleRate, state, source);
        Invert();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        autoEncoder.Dispose();
    }

    private void Forget()
    {
        sourcePrecision?.Dispose();
        targetPrecision?.Dispose();
        (sourcePrecision, targetPrecision) = (null, null);
    }

    /// <summary>Over batches of vectors in random order, as the baseline's last epoch sees them: (mels, mels), or null where there is no clip.</summary>
    private Tensor? Covariance(IEnumerable<DetectorClip> clips)
    {
        Tensor[] residuals = [.. clips.Select(c => autoEncoder.Residual(c.Sound))]; // each (vectors, inputs)
        if (residuals.Length == 0) return null;
        var all = cat(residuals, 0); // (vectors, inputs)
        using var generator = new Generator(seed);
        var shuffled = all.index_select(0, randperm(all.shape[0], generator: generator));
        return SelectiveMahalanobis.Covariance(shuffled.split(BatchSize, 0), Network.SourceCovariance.shape[0]);
    }

    private void Invert()
    {
        Forget();
        sourcePrecision = linalg.inv(Network.SourceCovariance.to(ScalarType.Float64)).DetachFromDisposeScope();
        targetPrecision = linalg.inv(Network.TargetCovariance.to(ScalarType.Float64)).DetachFromDisposeScope();
    }
}

using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The detector of the DCASE Task 2 baseline: an auto-encoder learns to reconstruct the log-mel vectors of normal clips; a
/// clip's score is the mean squared error over all its vectors, in dB².
/// </summary>
public sealed class AutoEncoderDetector : SoundDetector
{
    private readonly AutoEncoderTraining training;
    private readonly AutoEncoderDesign design;
    private LogMelVectors? features;
    private nn.Module<Tensor, Tensor>? network;
    private IReadOnlyList<Waveform> learnedFrom = [];
    private double[] trainingScores = [];

    /// <summary>Makes a detector that will train with these settings: the DCASE baseline's unless told otherwise.</summary>
    public AutoEncoderDetector(AutoEncoderTraining? training = null, AutoEncoderDesign? design = null) =>
        (this.training, this.design) = (training ?? new AutoEncoderTraining(), design ?? AutoEncoderDesign.Dcase);

    /// <inheritdoc/>
    public override string Name => design.Name;

    /// <inheritdoc/>
    public override int SampleRate => features?.SampleRate ?? 0;

    /// <summary>For each epoch of the last fit the mean of its batches' losses.</summary>
    public IReadOnlyList<double> EpochLosses { get; private set; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<double> TrainingScores => trainingScores;

    /// <summary>The line between normal and anomalous: the 0.9 quantile of a gamma fit to <see cref="TrainingScores"/>.</summary>
    /// <exception cref="BadInputException">The detector was fitted to fewer than two clips.</exception>
    public double Threshold => DecisionThreshold.Of(trainingScores);

    /// <summary>The network, in evaluation mode; null before the fit.</summary>
    internal nn.Module<Tensor, Tensor>? Network => network;

    /// <inheritdoc/>
    public override void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        var vectorsOf = design.Features(LogMelVectors.RateOf(normalClips));
        var fresh = design.Network(vectorsOf, training.Seed);
        using var scope = NewDisposeScope();
        Tensor[] clips = [.. normalClips.Select(vectorsOf.Of)]; // each (vectors, 640)
        var losses = training.Train(fresh, cat(clips, 0), progress, cancel);
        network?.Dispose();
        (features, network, EpochLosses, learnedFrom) = (vectorsOf, fresh, losses, normalClips);
        trainingScores = [.. clips.Select(Score)];
    }

    /// <inheritdoc/>
    public override double Score(Waveform clip)
    {
        if (features is null) throw NotFitted();
        using var scope = NewDisposeScope();
        return Score(features.Of(clip));
    }

    /// <summary>Whether it has learned from these very clips already.</summary>
    internal bool LearnedFrom(IReadOnlyList<Waveform> clips) => clips.Count == learnedFrom.Count && clips.Zip(learnedFrom).All(p => ReferenceEquals(p.First, p.Second));

    /// <summary>Reconstruction minus input of a clip: (vectors, inputs), float64.</summary>
    internal Tensor Residual(Waveform clip)
    {
        if (features is null) throw NotFitted();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var vectors = features.Of(clip); // (vectors, inputs)
        return (network!.call(vectors) - vectors).to(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    internal override IReadOnlyDictionary<string, Tensor> State() => network?.state_dict() ?? throw NotFitted();

    internal override void Restore(int sampleRate, IReadOnlyDictionary<string, Tensor> state, string source)
    {
        var vectorsOf = design.Features(sampleRate);
        var fresh = design.Network(vectorsOf, training.Seed);
        ModelWeights.Fill(fresh, state, source);
        fresh.eval();
        network?.Dispose();
        (features, network, EpochLosses, learnedFrom, trainingScores) = (vectorsOf, fresh, [], [], []);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => network?.Dispose();

    /// <summary>Mean squared error over all vectors (vectors, 640) of a clip.</summary>
    internal static double MeanSquaredError(nn.Module<Tensor, Tensor> network, Tensor vectors)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return nn.functional.mse_loss(network.call(vectors), vectors).ToDouble();
    }

    private double Score(Tensor vectors) => MeanSquaredError(network!, vectors);
}

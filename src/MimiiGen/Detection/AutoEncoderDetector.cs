using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The detector of the DCASE Task 2 baseline: an auto-encoder learns to reconstruct the log-mel vectors of normal clips; a
/// clip's score is the mean squared error over all its vectors, in dB².
/// </summary>
public sealed class AutoEncoderDetector : IDetector
{
    private readonly AutoEncoderTraining training;
    private LogMelVectors? features;
    private AutoEncoder? network;
    private double[] trainingScores = [];

    /// <summary>Makes a detector that will train with these settings: the baseline's unless told otherwise.</summary>
    public AutoEncoderDetector(AutoEncoderTraining? training = null) => this.training = training ?? new AutoEncoderTraining();

    /// <inheritdoc/>
    public string Name => "auto-encoder (DCASE baseline)";

    /// <summary>For each epoch of the last fit the mean of its batches' losses.</summary>
    public IReadOnlyList<double> EpochLosses { get; private set; } = [];

    /// <summary>The scores of the clips it was fitted to, in their order.</summary>
    public IReadOnlyList<double> TrainingScores => trainingScores;

    /// <summary>The line between normal and anomalous: the 0.9 quantile of a gamma fit to <see cref="TrainingScores"/>.</summary>
    /// <exception cref="BadInputException">The detector was fitted to fewer than two clips.</exception>
    public double Threshold => DecisionThreshold.Of(trainingScores);

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        var vectorsOf = new LogMelVectors(LogMelVectors.RateOf(normalClips));
        var fresh = new AutoEncoder(LogMelVectors.Frames * vectorsOf.Mels, vectorsOf.Mels, training.Seed);
        using var scope = NewDisposeScope();
        Tensor[] clips = [.. normalClips.Select(vectorsOf.Of)]; // each (vectors, 640)
        var losses = training.Train(fresh, cat(clips, 0), progress, cancel);
        network?.Dispose();
        (features, network, EpochLosses) = (vectorsOf, fresh, losses);
        trainingScores = [.. clips.Select(Score)];
    }

    /// <inheritdoc/>
    public double Score(Waveform clip)
    {
        if (features is null) throw new InvalidOperationException("the detector is not fitted yet");
        using var scope = NewDisposeScope();
        return Score(features.Of(clip));
    }

    /// <inheritdoc/>
    public void Dispose() => network?.Dispose();

    /// <summary>Mean squared error over all vectors (vectors, 640) of a clip.</summary>
    internal static double MeanSquaredError(AutoEncoder network, Tensor vectors)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return nn.functional.mse_loss(network.call(vectors), vectors).ToDouble();
    }

    private double Score(Tensor vectors) => MeanSquaredError(network!, vectors);
}

using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Optimization;
using MimiiGen.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Runs a stage from its last checkpoint to its end. Before the first step and at each checkpoint the averaged weights are validated, then <c>STAGE.state.safetensors</c> is
/// replaced whole; at the end <c>STAGE.safetensors</c> has the weights that the next stage begins with. A run that is killed at any moment so goes
/// on from the last checkpoint and ends with the same weights.
/// </summary>
internal sealed class CodecStageRun(EncodecModel model, string identity, CodecTrainingSettings settings, string folder, CodecClips clips, SpectralLoss spectral)
{
    private readonly TrainingLog log = new(Path.Combine(folder, "log.csv"));

    /// <summary>Runs it, unless it has ended already, and gives the model the weights that it ended with.</summary>
    /// <param name="begin">Makes the stage from the model as it is.</param>
    /// <param name="progress">One report a step.</param>
    /// <param name="stop">Looked at before each step.</param>
    public void Run(Func<ICodecStage> begin, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var stage = begin();
        var (statePath, bestPath, donePath) = (In($"{stage.Name}.state.safetensors"), In($"{stage.Name}.best.safetensors"), In($"{stage.Name}.safetensors"));
        if (!File.Exists(donePath)) Train(stage, statePath, bestPath, donePath, progress, stop);
        if (SafeTensors.ReadMetadata(donePath).GetValueOrDefault("settings") is { } begun && begun != identity) throw TrainingState.OtherSettings(donePath, begun);
        File.Delete(statePath);
        ModelWeights.Load(model, donePath);
    }

    private void Train(ICodecStage stage, string statePath, string bestPath, string donePath, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var average = new MovingAverageWeights(model, settings.AverageDecay);
        var state = new TrainingState(model, stage.Optimizer, average, stage.State());
        var step = File.Exists(statePath) ? state.Load(statePath, identity) : 0;
        var best = step > 0 && File.Exists(bestPath) ? double.Parse(SafeTensors.ReadMetadata(bestPath)["score"]) : double.PositiveInfinity;
        log.GoBackTo(stage.Name, step);
        var clock = Stopwatch.StartNew();
        if (step == 0 && stage.KeepsBest) best = Validate(stage, 0, best, bestPath, clock, new Dictionary<string, double>()); // no stage ends worse than it began
        model.train();
        while (step < stage.Steps)
        {
            stop.ThrowIfCancellationRequested();
            var losses = stage.Step(step);
            average.Update();
            NativeHeap.AfterStep(++step);
            progress?.Report(new WorkProgress($"training {stage.Name}", step, stage.Steps, string.Join(' ', losses.Select(l => $"{l.Key} {l.Value:0.000}"))));
            if (step % settings.CheckpointEvery != 0 && step != stage.Steps) continue;
            average.Swap();
            best = Validate(stage, step, best, bestPath, clock, losses);
            WriteSample(stage, step);
            average.Swap();
            state.Save(statePath, step, identity);
        }

        File.Move(bestPath, donePath, overwrite: true);
    }

    /// <summary>Measures the model as it is, logs that, and keeps its weights where they are the best so far or the last ones count; gives the best score.</summary>
    private double Validate(ICodecStage stage, long step, double best, string bestPath, Stopwatch clock, IReadOnlyDictionary<string, double> losses)
    {
        model.eval();
        var validation = CodecValidation.Measure(model, clips, spectral, stage.Quantized ? model.Config.TargetBandwidths.Max() : null);
        model.train();
        log.Add(stage.Name, step, clock.Elapsed, losses, validation);
        if (stage.KeepsBest && !(validation.Score <= best)) return best;
        ModelWeights.Save(model, bestPath, metadata: new Dictionary<string, string> { ["settings"] = identity, ["score"] = validation.Score.ToString("R") });
        return validation.Score;
    }

    private string In(string name) => Path.Combine(folder, name);

    /// <summary>The first clip held out, as it is and as the codec returns it.</summary>
    private void WriteSample(ICodecStage stage, long step)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var clip = clips.HeldOut[0]; // (samples)
        var copy = CodecValidation.RoundTrip(model, clip.to(clips.Device), stage.Quantized ? model.Config.TargetBandwidths.Max() : null);
        var original = In("samples/original.wav");
        if (!File.Exists(original)) Write(original, clip);
        Write(In($"samples/{stage.Name}-{step:000000}.wav"), copy.cpu());

        void Write(string path, Tensor samples) => WavFile.Write(path, Waveform.Mono(samples.data<float>().ToArray(), model.Config.SamplingRate));
    }
}

using System.Diagnostics;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Diffusion;
using MimiiGen.Hub;
using MimiiGen.Optimization;
using MimiiGen.Runtime;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Trains the U-Net, and the text encoder unless it is a published one, on the latents of recordings, on crops, at the end on whole clips; or low-rank updates of
/// it, or a student of fewer steps (<see cref="GeneratorTrainingSettings"/>). The run's folder holds the latents, <c>state.safetensors</c> (to resume), <c>log.csv</c>, and in
/// <c>model/</c> a whole model folder of the best validation so far.
/// </summary>
public sealed class GeneratorTrainer : IDisposable
{
    private const int WarmUpSteps = 100;
    private const double FinalRate = 0.05;

    private readonly GeneratorArchitecture architecture;
    private readonly GeneratorTrainingSettings settings;
    private readonly string folder;
    private readonly GeneratorData data;
    private readonly LearningRateSchedule rate;
    private readonly GeneratorNetworks networks;
    private readonly LowRankAdapters? adapters;
    private readonly TextEncoder text;
    private readonly ComputedUNet computed;
    private readonly IGeneratorObjective objective;
    private readonly GeneratorModelFolder model;
    private readonly Device device;

    /// <summary>Encodes the clips, unless the folder has their latents, and builds the networks.</summary>
    /// <param name="architecture">Of the generator; that of the start where the settings name one.</param>
    /// <param name="settings">Of the training.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="codecFolder">Folder of the codec: config.json and model.safetensors.</param>
    /// <param name="clips">Recordings to train on.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="warn">Told of recordings that can't be used.</param>
    /// <param name="progress">Of the encoding.</param>
    /// <param name="stop">Of the encoding.</param>
    /// <exception cref="BadInputException">Settings, start, codec or clips don't go together.</exception>
    public GeneratorTrainer(
        GeneratorArchitecture architecture,
        GeneratorTrainingSettings settings,
        string folder,
        string codecFolder,
        IReadOnlyList<DatasetClip> clips,
        Device? device = null,
        Action<string>? warn = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check(codecFolder);
        (this.architecture, this.settings, this.folder, this.device) = (architecture, settings, folder, device ?? CPU);
        var precision = settings.Precision ?? TrainingPrecision.Float32;
        precision.Require(this.device);
        Directory.CreateDirectory(folder);
        using (var codec = EncodecModel.Load(codecFolder)) LatentStore.Encode(folder, codec, FileHash.Sha256(Path.Combine(codecFolder, "model.safetensors")), settings.LatentBandwidth, clips, warn, progress, stop);
        data = new GeneratorData(LatentStore.Read(folder), architecture.Layout, this.device);
        model = new GeneratorModelFolder(architecture, settings, codecFolder, data.Store);
        rate = new LearningRateSchedule(settings.LearningRate, settings.Schedule ?? LearningRateShape.Cosine, Math.Min(WarmUpSteps, Math.Max(1, settings.Steps / 10)), settings.Steps) { Floor = FinalRate };
        manual_seed((long)(settings.Seed & long.MaxValue)).Dispose();
        var frozen = architecture.TextEncoder;
        networks = new GeneratorNetworks(new UNet2DConditionModel(architecture.UNet), frozen is null ? new T5Encoder(architecture.Text) : null);
        settings.Start?.Load(networks);
        if (settings.LoraRank is not null)
            foreach (var parameter in networks.parameters()) parameter.requires_grad_(false);
        adapters = settings.LoraRank is { } rank ? new LowRankAdapters(networks.UNet, rank) : null;
        networks.to(this.device);
        adapters?.to(this.device);
        text = frozen?.Load(new HubSettings().Cache, GeneratorModelFolder.LongestCaption, warn) ?? new TextEncoder(new ByteTokenizer(), networks.Text!, GeneratorModelFolder.LongestCaption, warn);
        text.Encoder.to(this.device);
        networks.UNet.Checkpointing = settings.Checkpointing;
        computed = new ComputedUNet(networks.UNet, precision, adapters);
        objective = settings.DistilledSteps is { } few
            ? new DistillationObjective(computed, text, architecture.Sampler, settings.Start!.Own?.Guidance ?? 1, data.RowWeights, few, settings.Steps)
            : new DenoisingObjective(computed, text, architecture.Sampler, data.RowWeights, settings.MinSnrGamma);
    }

    /// <summary>Trains to the end, from the last saved state where the folder has one; gives the best validation loss.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint stays to go on from.</exception>
    /// <exception cref="InvalidOperationException">A loss or gradient is not finite; step and layer are named.</exception>
    public double Run(IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var optimizer = new AdamW(Trained.named_parameters().Where(Learns), weightDecay: 0.01);
        using var average = new MovingAverageWeights(Trained, settings.AverageDecay);
        var state = new TrainingState(Trained, optimizer, average, objective.State);
        var statePath = Path.Combine(folder, "state.safetensors");
        var identity = JsonSerializer.Serialize(settings) + (architecture.TextEncoder is { } frozen ? JsonSerializer.Serialize(frozen.Sha256) : "") + settings.Start?.Identity;
        var step = File.Exists(statePath) ? state.Load(statePath, identity) : 0;
        var best = File.Exists(BestPath) ? double.Parse(File.ReadAllText(BestPath)) : double.PositiveInfinity;
        var clock = Stopwatch.StartNew();
        SetTraining(true);
        while (step < settings.Steps)
        {
            stop.ThrowIfCancellationRequested();
            if (objective.Reach(step, average)) best = double.PositiveInfinity;
            var loss = Step(step, optimizer);
            average.Update();
            NativeHeap.AfterStep(++step);
            progress?.Report(new WorkProgress("training generator", step, settings.Steps, $"loss {loss:0.000}"));
            if (step % settings.CheckpointEvery != 0 && step != settings.Steps) continue;
            average.Swap();
            SetTraining(false);
            var validation = Validate();
            if (validation <= best)
            {
                best = validation;
                model.Write(Path.Combine(folder, "model"), Path.GetFileName(Path.GetFullPath(folder)), networks, adapters, objective.Sampling);
                AtomicFile.WriteText(BestPath, best.ToString("R"));
                TrainingSamples.Write(folder, step, settings.Samples, device, stop);
            }

            SetTraining(true);
            average.Swap();
            Log(step, clock.Elapsed, loss, validation);
            state.Save(statePath, step, identity);
        }

        return best;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        objective.Dispose();
        computed.Dispose();
        text.Dispose();
        text.Encoder.Dispose();
        adapters?.Dispose();
        networks.Dispose();
        data.Dispose();
    }

    private string BestPath => Path.Combine(folder, "best.txt");

    /// <summary>What the optimiser, the average and the state are of.</summary>
    private nn.Module Trained => adapters is null ? networks : adapters;

    /// <summary>A student hears captions as its teacher did: the text encoder stays.</summary>
    private bool Learns((string Name, TorchSharp.Modules.Parameter Parameter) parameter) =>
        settings.DistilledSteps is null || parameter.Name.StartsWith("unet.", StringComparison.Ordinal);

    private void SetTraining(bool on)
    {
        networks.UNet.train(on);
        networks.Text?.train(on && settings.DistilledSteps is null && adapters is null);
    }

    private double Step(long step, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(settings.Seed, step);
        var whole = step >= settings.Steps * (1 - settings.FullLengthShare);
        var frames = whole ? data.WholeFrames : settings.CropFrames;
        var count = whole ? Math.Max(1, settings.BatchSize * settings.CropFrames / frames) : settings.BatchSize;
        var chosen = Enumerable.Range(0, count).Select(_ => data.Draw(chance)).ToArray();
        var timesteps = chosen.Select(_ => objective.DrawTimestep(chance)).ToArray();
        var clean = data.Crops(chosen, frames, chance); // (batch, channels, height, frames)
        var captions = chosen.Select(i => chance.Between(0, 1) < settings.CaptionDrop && objective.DropsCaptions ? "" : data.CaptionOf(i)).ToArray();
        var levels = Levels(chosen); // (batch, rows)
        levels?.add_(randn(levels.shape, generator: chance.Tensors).to(device) * settings.LevelNoise);
        var noise = randn(clean.shape, generator: chance.Tensors).to(device);
        manual_seed(chance.Below(int.MaxValue)).Dispose(); // dropout draws from torch's own generator
        TrainingBatch[] parts = [.. new TrainingBatch(clean, noise, timesteps, captions, levels).Parts(settings.Accumulation ?? 1)];
        optimizer.ZeroGradients();
        computed.Refresh();
        var loss = parts.Sum(part => Learn(part, (double)part.Count / count));
        var norm = optimizer.ClipGradients(1);
        FiniteWatch.Require(step, loss, norm, optimizer, computed.Copy ?? networks, () => Array.ForEach(parts, part => objective.Loss(part).Dispose()));
        optimizer.Step(rate.At(step));
        return loss;
    }

    /// <summary>Adds the gradients of a part of the step's batch; gives its share of the loss.</summary>
    private double Learn(TrainingBatch part, double share)
    {
        using var scope = NewDisposeScope();
        var loss = objective.Loss(part) * share;
        RecomputedStage.Backward(loss);
        computed.ReturnGradients();
        return loss.ToDouble();
    }

    private double Validate()
    {
        if (data.HeldOut.Length == 0) return 0;
        using var noGrad = no_grad();
        var sum = 0.0;
        foreach (var timestep in objective.ValidationTimesteps)
        {
            using var scope = NewDisposeScope();
            using var chance = new StepChance(settings.Seed, -1 - timestep);
            var clean = data.Crops(data.HeldOut, settings.CropFrames, chance);
            var noise = randn(clean.shape, generator: chance.Tensors).to(device);
            sum += objective.Loss(new TrainingBatch(clean, noise, [.. data.HeldOut.Select(_ => timestep)], [.. data.HeldOut.Select(data.CaptionOf)], Levels(data.HeldOut))).ToDouble();
        }

        return sum / objective.ValidationTimesteps.Count;
    }

    private Tensor? Levels(int[] clips) => architecture.UNet.ClassEmbedType is null ? null : data.Descriptions(clips);

    private void Log(long step, TimeSpan elapsed, double loss, double validation)
    {
        var path = Path.Combine(folder, "log.csv");
        if (!File.Exists(path)) File.WriteAllText(path, "step,seconds,loss,validation\n");
        File.AppendAllText(path, $"{step},{elapsed.TotalSeconds:0},{loss:0.00000},{validation:0.00000}\n");
    }
}

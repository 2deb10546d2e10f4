using System.Diagnostics;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Diffusion;
using MimiiGen.Generation;
using MimiiGen.Hub;
using MimiiGen.Optimization;
using MimiiGen.Runtime;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Trains the U-Net, and the text encoder unless it is a published one, on the latents of recordings, by the denoising loss of v-prediction (Salimans and Ho 2022), on
/// crops, at the end on whole clips. The run's folder holds the latents, <c>state.safetensors</c> (to resume), <c>log.csv</c>, and in
/// <c>model/</c> a whole model folder of the best validation so far.
/// </summary>
public sealed class GeneratorTrainer : IDisposable
{
    private const int WarmUpSteps = 100;
    private const int LongestCaption = 256;
    private const double FinalRate = 0.05;
    private static readonly int[] ValidationTimesteps = [50, 150, 250, 350, 450, 550, 650, 750, 850, 950];

    private readonly GeneratorArchitecture architecture;
    private readonly GeneratorTrainingSettings settings;
    private readonly string folder;
    private readonly string codecFolder;
    private readonly LatentStore store;
    private readonly NoiseSchedule schedule;
    private readonly LearningRateSchedule rate;
    private readonly Networks networks;
    private readonly TextEncoder text;
    private readonly int[] trained;
    private readonly int[] heldOut;
    private readonly double[] cumulative;
    private readonly Device device;
    private readonly Tensor rowWeights;

    /// <summary>Encodes the clips, unless the folder has their latents, and builds the networks.</summary>
    /// <param name="architecture">Of the generator.</param>
    /// <param name="settings">Of the training.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="codecFolder">Folder of the codec: config.json and model.safetensors.</param>
    /// <param name="clips">Recordings to train on.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="warn">Told of recordings that can't be used.</param>
    /// <param name="progress">Of the encoding.</param>
    /// <param name="stop">Of the encoding.</param>
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
        (this.architecture, this.settings, this.folder, this.codecFolder) = (architecture, settings, folder, codecFolder);
        this.device = device ?? CPU;
        Directory.CreateDirectory(folder);
        using (var codec = EncodecModel.Load(codecFolder)) LatentStore.Encode(folder, codec, FileHash.Sha256(Path.Combine(codecFolder, "model.safetensors")), settings.LatentBandwidth, clips, warn, progress, stop);
        store = LatentStore.Read(folder);
        schedule = architecture.Sampler.NoiseSchedule();
        rate = new LearningRateSchedule(settings.LearningRate, LearningRateShape.Cosine, WarmUpSteps, settings.Steps) { Floor = FinalRate };
        manual_seed((long)(settings.Seed & long.MaxValue)).Dispose();
        var frozen = architecture.TextEncoder;
        networks = new Networks(new UNet2DConditionModel(architecture.UNet), frozen is null ? new T5Encoder(architecture.Text) : null);
        networks.to(this.device);
        text = frozen?.Load(new HubCache(new HubSettings().CacheFolder), LongestCaption, warn) ?? new TextEncoder(new ByteTokenizer(), networks.Text!);
        text.Encoder.to(this.device);
        using (NewDisposeScope())
            rowWeights = architecture.Layout.ToImage(tensor(RowWeights.Of(store.Shapes), [1, architecture.Layout.Dimensions, 1])).to(this.device).DetachFromDisposeScope(); // (1, channels, height, 1)
        (trained, heldOut) = Split();
        cumulative = Sampling(trained);
    }

    /// <summary>Trains to the end, from the last saved state where the folder has one; gives the best validation loss.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint stays to go on from.</exception>
    public double Run(IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var optimizer = new AdamW(networks.named_parameters(), weightDecay: 0.01);
        using var average = new MovingAverageWeights(networks, settings.AverageDecay);
        var state = new TrainingState(networks, optimizer, average);
        var statePath = Path.Combine(folder, "state.safetensors");
        var identity = JsonSerializer.Serialize(settings) + (architecture.TextEncoder is { } frozen ? JsonSerializer.Serialize(frozen.Sha256) : "");
        var step = File.Exists(statePath) ? state.Load(statePath, identity) : 0;
        var best = File.Exists(BestPath) ? double.Parse(File.ReadAllText(BestPath)) : double.PositiveInfinity;
        var clock = Stopwatch.StartNew();
        networks.train();
        while (step < settings.Steps)
        {
            stop.ThrowIfCancellationRequested();
            var loss = Step(step, optimizer);
            if (!double.IsFinite(loss)) throw new InvalidOperationException($"step {step} gave a loss of {loss}: lower the learning rate");
            average.Update();
            NativeHeap.AfterStep(++step);
            progress?.Report(new WorkProgress("training generator", step, settings.Steps, $"loss {loss:0.000}"));
            if (step % settings.CheckpointEvery != 0 && step != settings.Steps) continue;
            average.Swap();
            networks.eval();
            var validation = Validate();
            if (validation <= best)
            {
                best = validation;
                WriteModel(Path.Combine(folder, "model"));
                AtomicFile.WriteText(BestPath, best.ToString("R"));
            }

            networks.train();
            average.Swap();
            Log(step, clock.Elapsed, loss, validation);
            state.Save(statePath, step, identity);
        }

        return best;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rowWeights.Dispose();
        text.Dispose();
        text.Encoder.Dispose();
        networks.Dispose();
        store.Dispose();
    }

    private string BestPath => Path.Combine(folder, "best.txt");

    /// <summary>A condition of five clips or more lends its last one to validation; the others are trained on wholly.</summary>
    private (int[] Trained, int[] HeldOut) Split()
    {
        var held = Enumerable.Range(0, store.Shapes.Count)
            .GroupBy(i => store.Levels.Conditions[i]).Where(g => g.Count() >= 5).Select(g => g.Last()).ToHashSet();
        return ([.. Enumerable.Range(0, store.Shapes.Count).Where(i => !held.Contains(i))], [.. held.Order()]);
    }

    /// <summary>Cumulative chance of each clip: that of a condition grows with the root of its number of clips.</summary>
    private double[] Sampling(int[] clips)
    {
        var counts = clips.GroupBy(i => store.Levels.Conditions[i]).ToDictionary(g => g.Key, g => g.Count());
        var sum = 0.0;
        return [.. clips.Select(i => sum += 1 / Math.Sqrt(counts[store.Levels.Conditions[i]]))];
    }

    private double Step(long step, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(settings.Seed, step);
        var whole = step >= settings.Steps * (1 - settings.FullLengthShare);
        var frames = whole ? trained.Min(i => (int)store.Shapes[i].shape[1]) : settings.CropFrames;
        var count = whole ? Math.Max(1, settings.BatchSize * settings.CropFrames / frames) : settings.BatchSize;
        var chosen = Enumerable.Range(0, count).Select(_ => Draw(chance)).ToArray();
        var timesteps = chosen.Select(_ => chance.Below(schedule.TrainingSteps)).ToArray();
        var clean = architecture.Layout.ToImage(Crops(chosen, frames, chance)).to(device); // (batch, channels, height, frames)
        var captions = chosen.Select(i => chance.Between(0, 1) < settings.CaptionDrop ? "" : CaptionOf(i)).ToArray();
        var levels = Descriptions(chosen); // (batch, rows)
        levels += randn(levels.shape, generator: chance.Tensors).to(device) * settings.LevelNoise;
        var noise = randn(clean.shape, generator: chance.Tensors).to(device);
        manual_seed(chance.Below(int.MaxValue)).Dispose(); // dropout draws from torch's own generator
        var loss = Loss(clean, noise, timesteps, captions, levels);
        optimizer.ZeroGradients();
        loss.backward();
        optimizer.ClipGradients(1);
        optimizer.Step(rate.At(step));
        return loss.ToDouble();
    }

    private Tensor Loss(Tensor clean, Tensor noise, int[] timesteps, string[] captions, Tensor levels)
    {
        using var scope = NewDisposeScope();
        using var caption = text.Encode(captions);
        var noisy = schedule.AddNoise(clean, noise, timesteps); // (batch, channels, height, frames)
        var target = architecture.Sampler.PredictionType switch
        {
            PredictionType.VPrediction => schedule.Velocity(clean, noise, timesteps),
            PredictionType.Sample => clean,
            _ => noise,
        };
        var predicted = networks.UNet.forward(noisy, tensor(timesteps.Select(t => (float)t).ToArray(), device: device), caption.Embeddings, caption.Mask, levels);
        return ((predicted - target).square() * rowWeights).mean().MoveToOuterDisposeScope();
    }

    private double Validate()
    {
        if (heldOut.Length == 0) return 0;
        using var noGrad = no_grad();
        var sum = 0.0;
        foreach (var timestep in ValidationTimesteps)
        {
            using var scope = NewDisposeScope();
            using var chance = new StepChance(settings.Seed, -1 - timestep);
            var clean = architecture.Layout.ToImage(Crops(heldOut, settings.CropFrames, chance)).to(device);
            var noise = randn(clean.shape, generator: chance.Tensors).to(device);
            sum += Loss(clean, noise, [.. heldOut.Select(_ => timestep)], [.. heldOut.Select(CaptionOf)], Descriptions(heldOut)).ToDouble();
        }

        return sum / ValidationTimesteps.Length;
    }

    private int Draw(StepChance chance)
    {
        var at = Array.BinarySearch(cumulative, chance.Between(0, cumulative[^1]));
        return trained[Math.Min(at < 0 ? ~at : at, trained.Length - 1)];
    }

    private string CaptionOf(int clip) => store.Conditions[store.Levels.Conditions[clip]].Caption;

    private Tensor Descriptions(int[] clips) =>
        stack(clips.Select(i => tensor(store.Levels.Describe(store.Levels.Of(i))))).to(device); // (batch, rows)

    /// <summary>(batch, rows, frames); a clip shorter than that is repeated.</summary>
    private Tensor Crops(int[] clips, int frames, StepChance chance)
    {
        using var scope = NewDisposeScope();
        return stack(clips.Select(i =>
        {
            var shape = store.Shapes[i];
            if (shape.shape[1] < frames) shape = shape.repeat(1, (frames / shape.shape[1]) + 1);
            return shape.narrow(1, chance.Below((int)shape.shape[1] - frames + 1), frames).to(ScalarType.Float32);
        })).MoveToOuterDisposeScope();
    }

    private void WriteModel(string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "codec"));
        var config = new SoundModelConfig
        {
            Name = Path.GetFileName(Path.GetFullPath(folder)),
            Layout = architecture.Layout,
            TextEncoder = architecture.TextEncoder,
            MaxTokens = LongestCaption,
            TrainedFrames = (int)store.Shapes.Max(s => s.shape[1]),
            OutputRate = store.OutputRate,
            EncodedRms = TrainingClips.ReferenceRms,
            LatentBandwidth = settings.LatentBandwidth,
            RequantizeBandwidth = settings.RequantizeBandwidth,
            RowMeans = store.RowMeans,
            Conditions = store.Conditions,
        };
        config.Write(Path.Combine(target, "config.json"));
        store.Levels.Write(Path.Combine(target, SoundModel.LevelsFile));
        foreach (var name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(codecFolder, name), Path.Combine(target, "codec", name), overwrite: true);
        architecture.UNet.Write(Path.Combine(target, "unet", "config.json"));
        architecture.Sampler.Write(Path.Combine(target, "scheduler", "scheduler_config.json"));
        ModelWeights.Save(networks.UNet, Path.Combine(target, SoundModel.UNetWeights), ScalarType.Float16);
        if (networks.Text is null) return;
        architecture.Text.Write(Path.Combine(target, "text_encoder", "config.json"));
        ModelWeights.Save(networks.Text, Path.Combine(target, SoundModel.TextWeights), ScalarType.Float16);
    }

    private void Log(long step, TimeSpan elapsed, double loss, double validation)
    {
        var path = Path.Combine(folder, "log.csv");
        if (!File.Exists(path)) File.WriteAllText(path, "step,seconds,loss,validation\n");
        File.AppendAllText(path, $"{step},{elapsed.TotalSeconds:0},{loss:0.00000},{validation:0.00000}\n");
    }

    /// <summary>The networks that are trained under one roof, so that one optimiser, average and state hold them.</summary>
    private sealed class Networks : nn.Module
    {
        private readonly UNet2DConditionModel unet;
        private readonly T5Encoder? text_encoder;

        public Networks(UNet2DConditionModel unet, T5Encoder? text)
            : base(nameof(Networks))
        {
            this.unet = unet;
            text_encoder = text;
            RegisterComponents();
        }

        public UNet2DConditionModel UNet => unet;

        public T5Encoder? Text => text_encoder;
    }
}

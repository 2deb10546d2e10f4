using System.Diagnostics;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Trains a codec from its lapped start: waveform and spectral loss on encoder and decoder together, then codebooks by k-means on the
/// latents, then the decoder alone on latents of which half are quantised. Each of the two phases ends with the weights of its best validation. The
/// run's folder holds the state to resume from, what each phase ended with, <c>log.csv</c>, and the codec: <c>config.json</c>, <c>model.safetensors</c>.
/// </summary>
public sealed class CodecTrainer : IDisposable
{
    private const int ExcerptSeconds = 1;
    private const int WarmUpSteps = 50;
    private const double FinalRate = 0.05;
    private const double RateOfDecoderAlone = 0.3;

    private readonly EncodecModel model;
    private readonly CodecTrainingSettings settings;
    private readonly string folder;
    private readonly CodecClips clips;
    private readonly SpectralLoss spectral;

    /// <summary>Reads the clips into memory and builds the codec.</summary>
    /// <param name="config">Of the codec.</param>
    /// <param name="settings">Of the training.</param>
    /// <param name="folder">Of the run; made where it is not there.</param>
    /// <param name="clips">Recordings to train on; one in thirteen is held out, with all its channels, for validation.</param>
    /// <param name="warn">Told of recordings that can't be used.</param>
    /// <param name="progress">Of the reading.</param>
    /// <param name="stop">Of the reading.</param>
    /// <exception cref="BadInputException">There are too few clips that can be used.</exception>
    public CodecTrainer(
        EncodecConfig config,
        CodecTrainingSettings settings,
        string folder,
        IReadOnlyList<DatasetClip> clips,
        Action<string>? warn = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
        : this(config, settings, folder, Read(clips, config, settings, warn, progress, stop))
    {
    }

    internal CodecTrainer(EncodecConfig config, CodecTrainingSettings settings, string folder, CodecClips clips)
    {
        (this.settings, this.folder, this.clips) = (settings, folder, clips);
        Directory.CreateDirectory(folder);
        model = new EncodecModel(config);
        LappedStart.Apply(model, settings.Seed, clips.Highest);
        using (NewDisposeScope()) LappedStart.Whiten(model, stack(clips.Excerpts(ExcerptSeconds * config.SamplingRate)));
        spectral = new SpectralLoss(config.SamplingRate, clips.Highest, CPU);
    }

    /// <summary>Trains to the end, from the last saved state where the folder has one; gives the validation of the final weights.</summary>
    /// <exception cref="BadInputException">The folder's state belongs to another training.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint stays to go on from.</exception>
    public CodecValidation Run(IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), model.Config.ToJson());
        Phase("codec", settings.Steps, quantized: false, progress, stop);
        LoadAverage("codec");
        var codebooks = Path.Combine(folder, "codebooks.safetensors");
        if (!File.Exists(codebooks))
        {
            model.eval();
            CodebookFit.Run(model, clips.Training, settings.Seed, progress, stop);
            ModelWeights.Save(model, codebooks);
        }

        ModelWeights.Load(model, codebooks);
        Phase("decoder", settings.QuantizedSteps, quantized: true, progress, stop);
        LoadAverage("decoder");
        ModelWeights.Save(model, Path.Combine(folder, "model.safetensors"), ScalarType.Float16);
        model.eval();
        return CodecValidation.Measure(model, clips.HeldOut, spectral, clips.Highest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        spectral.Dispose();
        clips.Dispose();
        model.Dispose();
    }

    private void LoadAverage(string phase) => ModelWeights.Load(model, In($"{phase}.safetensors"));

    private void Phase(string name, int steps, bool quantized, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var (statePath, bestPath, donePath) = (In($"{name}.state.safetensors"), In($"{name}.best.safetensors"), In($"{name}.safetensors"));
        var identity = JsonSerializer.Serialize(settings);
        if (File.Exists(donePath))
        {
            if (SafeTensors.ReadMetadata(donePath).GetValueOrDefault("settings") is { } begun && begun != identity) throw TrainingState.OtherSettings(donePath, begun);
            return;
        }

        if (steps == 0)
        {
            ModelWeights.Save(model, donePath, metadata: Description(0));
            return;
        }

        var trained = model.named_parameters().Where(p => !quantized || p.name.StartsWith("decoder.", StringComparison.Ordinal)).ToArray();
        using var optimizer = new AdamW(trained, beta1: 0.9, beta2: 0.99, weightDecay: 0);
        using var average = new MovingAverageWeights(model, settings.AverageDecay);
        var state = new TrainingState(model, optimizer, average);
        var step = File.Exists(statePath) ? state.Load(statePath, identity) : 0;
        var best = File.Exists(bestPath) ? double.Parse(SafeTensors.ReadMetadata(bestPath)["score"]) : double.PositiveInfinity;
        var clock = Stopwatch.StartNew();
        model.train();
        while (step < steps)
        {
            stop.ThrowIfCancellationRequested();
            var loss = Step(step, steps, quantized, optimizer);
            if (!double.IsFinite(loss)) throw new InvalidOperationException($"step {step} of the {name}'s training gave a loss of {loss}: lower the learning rate");
            average.Update();
            NativeHeap.AfterStep(++step);
            progress?.Report(new WorkProgress($"training {name}", step, steps, $"loss {loss:0.000}"));
            if (step % settings.CheckpointEvery != 0 && step != steps) continue;
            average.Swap();
            model.eval();
            var validation = CodecValidation.Measure(model, clips.HeldOut, spectral, clips.Highest, quantized ? model.Config.TargetBandwidths.Max() : null);
            if (!(validation.Score > best))
            {
                best = validation.Score;
                ModelWeights.Save(model, bestPath, metadata: Description(best));
            }

            model.train();
            average.Swap();
            Log(name, step, clock.Elapsed, loss, validation);
            state.Save(statePath, step, identity);
        }

        File.Move(bestPath, donePath, overwrite: true);
        File.Delete(statePath);

        Dictionary<string, string> Description(double score) => new() { ["settings"] = identity, ["score"] = score.ToString("R") };
    }

    private string In(string name) => Path.Combine(folder, name);

    private double Step(long step, int steps, bool quantized, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(settings.Seed + (quantized ? 1UL : 0UL), step);
        var done = (double)step / steps;
        var crops = Crops(chance); // (batch, samples)
        var samples = crops.shape[1];
        var latents = Latents(crops, quantized, chance); // (batch, hidden, frames)
        var copy = model.Decode(latents).squeeze(1).narrow(1, 0, samples); // (batch, samples)
        var waveform = ((crops - copy).abs().mean([1]) / crops.abs().mean([1])).mean();
        var level = (crops.square().mean([1], keepdim: true).sqrt() + 1e-8) / TrainingClips.ReferenceRms;
        var spectrum = spectral.Compare(crops / level, copy / level);
        var weight = quantized
            ? settings.SpectralWeightAtEnd
            : settings.SpectralWeightAtStart * Math.Pow(settings.SpectralWeightAtEnd / settings.SpectralWeightAtStart, done);
        var loss = waveform + (weight * spectrum);
        optimizer.ZeroGradients();
        loss.backward();
        optimizer.ClipGradients(5);
        var highest = settings.LearningRate * (quantized ? RateOfDecoderAlone : 1);
        optimizer.Step(new LearningRateSchedule(highest, LearningRateShape.Cosine, WarmUpSteps, steps) { Floor = FinalRate }.At(step));
        return loss.ToDouble();
    }

    private Tensor Latents(Tensor crops, bool quantized, StepChance chance)
    {
        if (!quantized) return model.Encode(crops.unsqueeze(1));
        using var noGrad = no_grad();
        var latents = model.Encode(crops.unsqueeze(1));
        if (chance.Below(2) == 0) return latents;
        var rates = model.Config.TargetBandwidths;
        return model.Dequantize(model.Quantize(latents, rates[chance.Below(rates.Count)]));
    }

    private Tensor Crops(StepChance chance)
    {
        var length = settings.CropSamples(model.Config);
        return stack(Enumerable.Range(0, settings.BatchSize).Select(_ =>
        {
            var clip = clips.Training[chance.Below(clips.Training.Count)];
            var gain = Math.Pow(10, chance.Between(-12, 6) / 20);
            return clip.narrow(0, chance.Below((int)clip.shape[0] - length + 1), length) * gain;
        }));
    }

    private static CodecClips Read(
        IReadOnlyList<DatasetClip> clips, EncodecConfig config, CodecTrainingSettings settings, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(settings);
        return CodecClips.Read(clips, config.SamplingRate, settings.CropSamples(config), warn, progress, stop);
    }

    private void Log(string phase, long step, TimeSpan elapsed, double loss, CodecValidation validation)
    {
        var path = Path.Combine(folder, "log.csv");
        if (!File.Exists(path)) File.WriteAllText(path, "phase,step,seconds,loss,snr_db,spectral,63,125,250,500,1000,2000,4000,8000\n");
        File.AppendAllText(path, $"{phase},{step},{elapsed.TotalSeconds:0},{loss:0.0000},{validation.SnrDb:0.00},{validation.SpectralDistance:0.0000},{string.Join(',', validation.BandErrorDb.Select(b => b.ToString("0.00")))}\n");
    }
}

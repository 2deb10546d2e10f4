using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Training.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Trains a codec in up to three stages: waveform and spectral loss on encoder and decoder together (then codebooks by k-means on the latents), the
/// decoder alone on latents of which half are quantised, and the losses of EnCodec's paper with its discriminators. The run's folder holds
/// the state to resume from, what each stage ended with, <c>log.csv</c>, <c>samples/</c>, and the codec: <c>config.json</c>, <c>model.safetensors</c>.
/// </summary>
public sealed class CodecTrainer : IDisposable
{
    private readonly CodecStart start;
    private readonly EncodecModel model;
    private readonly CodecTrainingSettings settings;
    private readonly string folder;
    private readonly CodecClips clips;
    private readonly SpectralLoss spectral;
    private readonly CodecStageRun stages;

    /// <summary>Reads the clips into memory and builds the codec.</summary>
    /// <param name="start">What to begin from.</param>
    /// <param name="settings">Of the training.</param>
    /// <param name="folder">Of the run; made where it is not there.</param>
    /// <param name="clips">Recordings to train on; one in thirteen is held out, with all its channels, for validation.</param>
    /// <param name="device">Where to train; none: the processor.</param>
    /// <param name="warn">Told of recordings that can't be used.</param>
    /// <param name="progress">Of the reading.</param>
    /// <param name="stop">Of the reading.</param>
    /// <exception cref="BadInputException">There are too few clips that can be used, or the start is no codec that can be trained.</exception>
    public CodecTrainer(
        CodecStart start,
        CodecTrainingSettings settings,
        string folder,
        IReadOnlyList<DatasetClip> clips,
        Device? device = null,
        Action<string>? warn = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken stop = default)
        : this(start, settings, folder, Read(clips, start, settings, warn, progress, stop) with { Device = device ?? CPU })
    {
    }

    internal CodecTrainer(CodecStart start, CodecTrainingSettings settings, string folder, CodecClips clips)
    {
        (this.start, this.settings, this.folder, this.clips) = (start, settings, folder, clips);
        Directory.CreateDirectory(folder);
        foreach (var torn in Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories)) File.Delete(torn);
        model = start.Build(clips, settings.Seed);
        model.to(clips.Device);
        spectral = new SpectralLoss(start.Config.SamplingRate, clips.Highest, clips.Device);
        stages = new CodecStageRun(model, JsonSerializer.Serialize(new { Start = start.Name, Settings = settings }), settings, folder, clips, spectral);
    }

    /// <summary>Trains to the end, from the last saved state where the folder has one; gives the validation of the final weights, unquantised.</summary>
    /// <exception cref="BadInputException">The folder's state belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">A loss or gradient is not finite; step and layer are named.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the last checkpoint stays to go on from.</exception>
    public CodecValidation Run(IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        AtomicFile.WriteText(In("config.json"), model.Config.ToJson());
        if (settings.Steps > 0) stages.Run(() => new ReconstructionStage(model, settings, clips, spectral, decoderAlone: false), progress, stop);
        if (!start.HasCodebooks) FitCodebooks(progress, stop);
        if (settings.QuantizedSteps > 0) stages.Run(() => new ReconstructionStage(model, settings, clips, spectral, decoderAlone: true), progress, stop);
        if (settings.AdversarialSteps > 0) stages.Run(() => new AdversarialStage(model, settings, clips), progress, stop);
        ModelWeights.Save(model, In("model.safetensors"), ScalarType.Float16);
        model.eval();
        return CodecValidation.Measure(model, clips, spectral);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        spectral.Dispose();
        clips.Dispose();
        model.Dispose();
    }

    private string In(string name) => Path.Combine(folder, name);

    private void FitCodebooks(IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var path = In("codebooks.safetensors");
        if (!File.Exists(path))
        {
            model.eval();
            CodebookFit.Run(model, clips.Training, settings.Seed, progress, stop);
            ModelWeights.Save(model, path);
        }

        ModelWeights.Load(model, path);
    }

    private static CodecClips Read(
        IReadOnlyList<DatasetClip> clips, CodecStart start, CodecTrainingSettings settings, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(settings);
        return CodecClips.Read(clips, start.Config.SamplingRate, settings.CropSamples(start.Config), warn, progress, stop);
    }
}

using MimiiGen.Audio;
using MimiiGen.Diffusion;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// Makes clips: caption to embedding, noise to latents by the sampler with classifier-free guidance, levels to the latents' rows, latents to
/// waveform by the codec, the waveform down to the recordings' rate, and its level set. A clip depends on its request and the settings alone.
/// </summary>
public sealed class ClipGenerator
{
    private const double ShortestSeconds = 0.1;
    private const double LongestSeconds = 120;

    private readonly SoundModel model;
    private readonly Sampler sampler;
    private readonly Guidance guidance;
    private readonly int steps;
    private readonly string samplerName;
    private readonly IReadOnlyDictionary<string, string> hashes;
    private readonly Action<string>? warn;

    /// <param name="model">Stays the caller's.</param>
    /// <param name="settings">How to sample.</param>
    /// <param name="warn">Told of requests that the model was never trained on.</param>
    /// <exception cref="BadInputException">The settings are impossible.</exception>
    public ClipGenerator(SoundModel model, SamplingSettings settings, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        this.model = model;
        this.warn = warn;
        steps = settings.Steps ?? model.Config.Steps;
        samplerName = settings.Sampler ?? model.Sampler.ClassName;
        sampler = Sampler.Create(model.Sampler with { ClassName = samplerName }, steps);
        var scale = settings.Guidance ?? model.Config.Guidance;
        if (!double.IsFinite(scale) || scale < 1) throw new BadInputException($"guidance {scale}: give 1 (none) or more; 1.5 to 4 are usual");
        guidance = new Guidance(scale);
        hashes = model.WeightsSha256();
    }

    /// <summary>Class name of the sampler.</summary>
    public string SamplerName => samplerName;

    /// <summary>Steps of the sampler.</summary>
    public int Steps => steps;

    /// <summary>Guidance scale.</summary>
    public double GuidanceScale => guidance.Scale;

    /// <summary>Whether a record is that of a clip which this generator would make anew, the same, for a request.</summary>
    public bool Made(ClipRecord record, ClipRequest request)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(request);
        var anew = Record(request, Condition(request, warn: null), record.LevelDb);
        return anew.ToJson() == record.ToJson();
    }

    /// <summary>Makes one clip.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="progress">One report a step.</param>
    /// <param name="stop">Checked between steps.</param>
    public GeneratedClip Generate(ClipRequest request, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Seconds is not (>= ShortestSeconds and <= LongestSeconds)) throw new BadInputException($"a clip of {request.Seconds} seconds: give {ShortestSeconds} to {LongestSeconds}");
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var condition = Condition(request, warn);
        var levels = model.Levels.Draw(condition, request.Seed);
        var shape = Sample(request, levels, progress, stop); // (rows, frames)
        var exact = shape.shape[1] >= model.Config.TrainedFrames / 2;
        var latents = model.Shape.Join(shape, levels.AsSpan(1, model.Levels.Rows), exact); // (rows, frames)
        var samples = model.Codec.Decode(model.Codec.Requantize(latents.unsqueeze(0), model.Config.RequantizeBandwidth))[0, 0].cpu().data<float>().ToArray();
        var waveform = AtLevel(samples, levels, request.Seconds);
        return new GeneratedClip(waveform, Record(request, condition, Levels.Rms(waveform.Channel(0))));
    }

    private int Condition(ClipRequest request, Action<string>? warn)
    {
        var (index, exact) = ConditionMatch.Find(model.Config.Conditions, request.Caption, request.Metadata);
        if (!exact)
            warn?.Invoke($"the model was never trained on \"{request.Caption}\"; the clip takes its levels from the nearest it knows: \"{model.Config.Conditions[index].Caption}\"");
        return index;
    }

    private Tensor Sample(ClipRequest request, float[] levels, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var codec = model.Codec.Config;
        var frames = Math.Max(1, (long)Math.Ceiling(request.Seconds * codec.SamplingRate / codec.HopLength));
        var layout = model.Config.Layout;
        long[] size = [layout.Channels, layout.Height, frames];
        using var text = model.Text.Encode([request.Caption, request.Negative ?? ""]);
        var description = tensor(model.Levels.Describe(levels), device: model.Device).unsqueeze(0); // (1, rows)
        using var unet = new GuidedUNet(model.UNet, guidance, Half(text, 0), Half(text, 1), description);
        var start = Noise(NoiseStreams.Start) * sampler.StartFactor;
        var loop = new DenoisingLoop
        {
            Sampler = sampler,
            Predict = unet.Predict,
            Noise = draw => Noise(NoiseStreams.Step(draw)),
            Progress = (done, total) => progress?.Report(new WorkProgress("sampling", done, total)),
        };
        return layout.ToLatents(loop.Run(start, cancellation: stop))[0].MoveToOuterDisposeScope(); // (rows, frames)

        Tensor Noise(ulong stream) => ClipNoise.Normal(request.Seed, stream, size).to(model.Device).unsqueeze(0); // (1, channels, height, frames)
    }

    private static (Tensor States, Tensor? Mask) Half(CaptionEmbedding text, int index) =>
        (text.Embeddings.narrow(0, index, 1), text.Mask.narrow(0, index, 1)); // (1, tokens, width), (1, tokens)

    /// <summary>Down to the recordings' rate, to the drawn band levels (what the codec's latents don't carry, it can't know), and to the drawn level.</summary>
    private Waveform AtLevel(float[] samples, float[] levels, double seconds)
    {
        var (from, to) = (model.Codec.Config.SamplingRate, model.Config.OutputRate);
        var length = (int)Math.Round(seconds * to);
        var resampled = KaiserResampler.Steep.Resample(samples, from, to).AsSpan();
        var clip = SpectralEnvelope.Impose(resampled[..Math.Min(length, resampled.Length)], to, levels.AsSpan(1 + model.Levels.Rows));
        var gain = (float)Math.Pow(10, (levels[0] - Levels.Rms(clip)) / 20);
        for (var i = 0; i < clip.Length; i++) clip[i] *= gain;
        return Waveform.Mono(clip, to);
    }

    private ClipRecord Record(ClipRequest request, int condition, double level) => new()
    {
        Caption = request.Caption,
        Negative = request.Negative,
        Metadata = request.Metadata,
        LevelsOf = model.Config.Conditions[condition].Caption,
        Seed = request.Seed,
        Seconds = request.Seconds,
        Sampler = samplerName,
        Steps = steps,
        Guidance = guidance.Scale,
        LevelDb = Math.Round(level, 2),
        Model = model.Config.Name,
        WeightsSha256 = hashes,
        Version = typeof(ClipGenerator).Assembly.GetName().Version!.ToString(3),
        Computed = $"{model.Device}, {get_num_threads()} threads",
    };
}

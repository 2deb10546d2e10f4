using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// Makes clips: caption to embedding, noise to latents by the sampler with classifier-free guidance, levels to the latents' rows, latents to
/// waveform by the codec, the waveform down to the recordings' rate, and its spectrum and level set. A clip depends on its request and the settings alone.
/// </summary>
public sealed class ClipGenerator
{
    private const int NearestNamed = 3;

    private readonly SoundModel model;
    private readonly Sampler sampler;
    private readonly Guidance guidance;
    private readonly int steps;
    private readonly string samplerName;
    private readonly IReadOnlyDictionary<string, string> hashes;
    private readonly Action<string>? warn;
    private readonly HashSet<string> warned = [];

    /// <param name="model">Stays the caller's.</param>
    /// <param name="settings">How to sample.</param>
    /// <param name="warn">Told of captions that the model was never trained on, once of each.</param>
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

    /// <summary>Turns latents (rows, frames) into samples at the codec's rate where they are no codec's; null for the model's codec.</summary>
    internal Func<Tensor, float[]>? Decoder { get; init; }

    /// <summary>Bytes that may still be taken on a CPU; other devices' allocators say themselves when they have no more.</summary>
    internal Func<long> FreeMemory { get; init; } = Runtime.FreeMemory.Bytes;

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
    /// <exception cref="BadInputException">The request can't be met.</exception>
    public GeneratedClip Generate(ClipRequest request, IProgress<WorkProgress>? progress = null, CancellationToken stop = default) => Generate([request], progress, stop)[0];

    /// <summary>
    /// Makes clips in one batch: those of one duration and caption length go through the U-Net together; a batch that needs more memory than there is is split. On a
    /// CPU each clip is the same as if it had been made alone, bit for bit.
    /// </summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="progress">One report a step.</param>
    /// <param name="stop">Checked between steps.</param>
    /// <returns>The clips in the requests' order.</returns>
    /// <exception cref="BadInputException">A request can't be met.</exception>
    public IReadOnlyList<GeneratedClip> Generate(IReadOnlyList<ClipRequest> requests, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var request in requests)
        {
            ArgumentNullException.ThrowIfNull(request);
            request.Check();
        }

        using var inference = no_grad();
        var plans = new List<ClipPlan>();
        try
        {
            foreach (var request in requests) plans.Add(new ClipPlan(model, sampler, request, Condition(request, warn), Second(request, warn)));
            var clips = new GeneratedClip[requests.Count];
            foreach (var batch in plans.Index().GroupBy(p => p.Item.Form))
                foreach (var (clip, (index, _)) in MemorySplit.Run([.. batch.Select(b => b.Item)], Fitting(batch.First().Item), part => Batch(part, progress, stop)).Zip(batch))
                    clips[index] = clip;
            return clips;
        }
        finally
        {
            foreach (var plan in plans) plan.Dispose();
        }
    }

    /// <summary>Clips of a form that the memory holds together.</summary>
    private long Fitting(ClipPlan plan)
    {
        if (model.Device.type != DeviceType.CPU) return long.MaxValue;
        return FreeMemory() / BatchMemory.BytesPerClip(model.UNet.Config, model.Config.Layout, plan.Frames, model.Config.TrainedFrames, guidance.Scale > 1);
    }

    private IReadOnlyList<GeneratedClip> Batch(IReadOnlyList<ClipPlan> plans, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var shapes = new ShapeSampling(model, sampler, guidance).Run(plans, progress, stop); // (batch, rows, frames)
        return [.. plans.Select((plan, i) => Finished(plan, shapes[i]))];
    }

    private GeneratedClip Finished(ClipPlan plan, Tensor shape) // (rows, frames)
    {
        using var scope = NewDisposeScope();
        var exact = plan.Frames >= model.Config.TrainedFrames / 2 && plan.Request.Edit is not Filling; // what is kept has its levels already
        var latents = model.Shape.Join(shape, plan.Levels.AsSpan(1, model.Levels.Rows), exact); // (rows, frames)
        var waveform = ClipFinish.Run(plan, (Decoder ?? Decoded)(latents), model.Codec.Config.SamplingRate, model.Config.OutputRate, Decoder is null ? model.Codec.Config.NoiseAbove : null, exact);
        return new GeneratedClip(waveform, Record(plan.Request, Condition(plan.Request, warn: null), Levels.Rms(waveform.Channel(0))));
    }

    private float[] Decoded(Tensor latents) // (rows, frames)
    {
        using var scope = NewDisposeScope(); // what a long clip's waveform was made from is gone before it is finished
        return model.Codec.Decode(model.Codec.Requantize(latents.unsqueeze(0), model.Config.RequantizeBandwidth))[0, 0].cpu().data<float>().ToArray();
    }

    private int Condition(ClipRequest request, Action<string>? warn) => Condition(request.Caption, request.Metadata, warn);

    private int? Second(ClipRequest request, Action<string>? warn) => request.Towards is { } blend ? Condition(blend.Caption, blend.Metadata, warn) : null;

    private int Condition(string caption, ClipMetadata? metadata, Action<string>? warn)
    {
        var (index, exact) = ConditionMatch.Find(model.Config.Conditions, caption, metadata);
        if (!exact && warn is not null && warned.Add(caption))
            warn($"the model was never trained on \"{caption}\"; the nearest it knows are {string.Join("; ", NearestCaptions(caption))}; the clip takes its levels from the first");
        return index;
    }

    private IEnumerable<string> NearestCaptions(string caption) =>
        ConditionMatch.Nearest(model.Config.Conditions, caption).Select(i => $"\"{model.Config.Conditions[i].Caption}\"").Distinct(StringComparer.Ordinal).Take(NearestNamed);

    private ClipRecord Record(ClipRequest request, int condition, double level) => new()
    {
        Caption = request.Caption,
        Negative = request.Negative,
        Metadata = request.Metadata,
        Towards = request.Towards,
        Edit = EditRecord.Of(request.Edit),
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

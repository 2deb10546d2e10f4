using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Optimization;

namespace MimiiGen.Training;

/// <summary>How a generator is trained. The defaults made the shipped one, but for its latents: those are the encoder's output before quantisation.</summary>
public sealed record GeneratorTrainingSettings
{
    /// <summary>Gradient steps in all.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>Of these, the last part trained at the full length of the clips, 0 to 1.</summary>
    public double FullLengthShare { get; init; } = 0.08;

    /// <summary>Crops a step; as many frames are taken in a step at full length.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Length of a crop in latent frames.</summary>
    public int CropFrames { get; init; } = 96;

    /// <summary>Highest learning rate of AdamW; it rises over 100 steps, a tenth of a shorter training, and falls along a half cosine to a twentieth.</summary>
    public double LearningRate { get; init; } = 8e-4;

    /// <summary>Part of the captions that are dropped, for guidance.</summary>
    public double CaptionDrop { get; init; } = 0.1;

    /// <summary>Standard deviation of the noise on the levels that the U-Net is told, in their own spreads.</summary>
    public double LevelNoise { get; init; } = 0.1;

    /// <summary>Decay of the weights' moving average.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>Steps between validations and checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    /// <summary>kbit/s of the codes whose sums are diffused, 24 in the paper; none: the encoder's output before quantisation.</summary>
    public double? LatentBandwidth { get; init; } = 24;

    /// <summary>kbit/s at which generated latents are quantised before they are decoded; none: not at all.</summary>
    public double? RequantizeBandwidth { get; init; }

    /// <summary>Seed of all chance in the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>The folder whose weights it begins with; null: from nothing.</summary>
    [JsonIgnore]
    public GeneratorStart? Start { get; init; }

    /// <summary>Rank of the updates of the attentions that are trained instead of the whole network (LoRA); null: the whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LoraRank { get; init; }

    /// <summary>Steps that the sampler is to need after a progressive distillation of the start, its guidance folded in: 1, 2, 4 or 8; null: no distillation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DistilledSteps { get; init; }

    /// <summary>How the learning rate goes on after its warm-up; null: along a half cosine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearningRateShape? Schedule { get; init; }

    /// <summary>Signal-to-noise ratio at which the weights of the loss are cut, 5 in the paper (min-SNR, Hang et al. 2023); null: all timesteps weigh the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MinSnrGamma { get; init; }

    /// <summary>Parts that a step's crops are worked on in, one after the other: less memory, the same gradient but for rounding and dropout; null: one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Accumulation { get; init; }

    /// <summary>Numbers that predictions and gradients are computed in; null: float32.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingPrecision? Precision { get; init; }

    /// <summary>Whether the U-Net's activations are computed once more for the gradient instead of being kept (<see cref="UNet2DConditionModel.Checkpointing"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Checkpointing { get; init; }

    /// <summary>Clips to listen to, made each time that the best model so far is written.</summary>
    [JsonIgnore]
    public int Samples { get; init; }

    /// <exception cref="BadInputException">Settings that exclude each other, or a codec or latents that are not the start's.</exception>
    internal void Check(string codecFolder)
    {
        if (MinSnrGamma is not (null or > 0)) throw new BadInputException($"min-SNR weights cut at {MinSnrGamma}: give a ratio above 0; 5 is usual");
        if (Accumulation < 1 || Samples < 0) throw new BadInputException($"{Accumulation} parts of a batch, {Samples} samples: give 1 part or more, 0 samples or more");
        if (MinSnrGamma is not null && DistilledSteps is not null) throw new BadInputException("min-SNR weights and distillation exclude each other: a student learns all its few timesteps evenly");
        if (LoraRank is not null && DistilledSteps is not null) throw new BadInputException("LoRA and distillation exclude each other: fine-tune first, then distil the result");
        if (Start is null && (LoraRank ?? DistilledSteps) is not null) throw new BadInputException("LoRA and distillation need a model to start from");
        if ((LoraRank ?? DistilledSteps) is not null && Start!.Own is null) throw new BadInputException($"{Start.Folder}: LoRA and distillation need a model folder of this program; train with --from alone first");
        if (Start?.Own is { } model && model.LatentBandwidth != LatentBandwidth)
            throw new BadInputException($"{Start.Folder} was trained on latents {Quantized(model.LatentBandwidth)}, not {Quantized(LatentBandwidth)}; train with those");
        if (Start?.Codec is not { } own || Path.GetFullPath(own) == Path.GetFullPath(codecFolder)) return;
        if (FileHash.Sha256(Path.Combine(own, "model.safetensors")) != FileHash.Sha256(Path.Combine(codecFolder, "model.safetensors")))
            throw new BadInputException($"{Start.Folder} was trained on the latents of its own codec, {own}; train with that one");
    }

    private static string Quantized(double? bandwidth) => bandwidth is null ? "before quantisation" : $"quantised at {bandwidth} kbit/s";
}

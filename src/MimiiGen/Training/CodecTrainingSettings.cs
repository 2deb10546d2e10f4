using MimiiGen.Codec;

namespace MimiiGen.Training;

/// <summary>
/// How a codec is trained: up to three stages, each left out with 0 steps. The defaults take no step at all and made the shipped codec: a lapped start
/// needs only codebooks. <see cref="OfThePaper"/> are those for a start from nothing or from published weights.
/// </summary>
public sealed record CodecTrainingSettings
{
    /// <summary>EnCodec's own way: encoder, codebooks and decoder against discriminators from the first step on.</summary>
    public static CodecTrainingSettings OfThePaper { get; } = new() { AdversarialSteps = 20000 };

    /// <summary>Gradient steps on encoder and decoder together, without quantiser, by waveform and spectral loss.</summary>
    public int Steps { get; init; }

    /// <summary>Further steps on the decoder alone, half of them from quantised latents, after the codebooks are fitted.</summary>
    public int QuantizedSteps { get; init; }

    /// <summary>Further steps with the losses of the paper: waveform, mel spectra, discriminators, commitment.</summary>
    public int AdversarialSteps { get; init; }

    /// <summary>Whether the adversarial steps leave encoder and codebooks as they are, so that a generator trained on their latents stays valid.</summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>Channels of the discriminators' convolutions: 32 in the paper; 8 cost a sixteenth.</summary>
    public int DiscriminatorFilters { get; init; } = 32;

    /// <summary>Crops a step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Length of a crop in seconds, 0.1 or more.</summary>
    public double CropSeconds { get; init; } = 1.0;

    /// <summary>Highest learning rate of AdamW; it falls along a half cosine to a twentieth.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>The same for the adversarial steps, of the codec and the discriminators.</summary>
    public double AdversarialLearningRate { get; init; } = 3e-4;

    /// <summary>Weight of the spectral loss against the waveform loss at the start.</summary>
    public double SpectralWeightAtStart { get; init; } = 0.2;

    /// <summary>Weight of the spectral loss at the end; between them it rises geometrically.</summary>
    public double SpectralWeightAtEnd { get; init; } = 4.0;

    /// <summary>Decay of the weights' moving average.</summary>
    public double AverageDecay { get; init; } = 0.998;

    /// <summary>Steps between validations and checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Seed of all chance in the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Samples of a crop: whole latent frames.</summary>
    internal int CropSamples(EncodecConfig codec) => Math.Max(8, (int)(CropSeconds * codec.SamplingRate / codec.HopLength)) * codec.HopLength;
}

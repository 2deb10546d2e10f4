using MimiiGen.Codec;

namespace MimiiGen.Training;

/// <summary>How a codec is trained. The defaults made the shipped one.</summary>
public sealed record CodecTrainingSettings
{
    /// <summary>Gradient steps on encoder and decoder together.</summary>
    public int Steps { get; init; } = 1500;

    /// <summary>Further steps on the decoder alone, half of them from quantised latents, after the codebooks are fitted.</summary>
    public int QuantizedSteps { get; init; } = 200;

    /// <summary>Crops a step.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Length of a crop in seconds.</summary>
    public double CropSeconds { get; init; } = 1.0;

    /// <summary>Highest learning rate of AdamW; it falls along a half cosine to a twentieth.</summary>
    public double LearningRate { get; init; } = 5e-4;

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

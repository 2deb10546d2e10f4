using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>A published auto-encoder detector: its features and its network.</summary>
/// <param name="Name">In a few words for a table.</param>
/// <param name="Features">The features at a sample rate in Hz.</param>
/// <param name="Network">The network for these features, drawn from a seed.</param>
public sealed record AutoEncoderDesign(string Name, Func<int, LogMelVectors> Features, Func<LogMelVectors, ulong, nn.Module<Tensor, Tensor>> Network)
{
    /// <summary>The baseline of DCASE Task 2 (2023 and later); trained for 100 epochs in batches of 256.</summary>
    public static AutoEncoderDesign Dcase { get; } = new(
        "auto-encoder (DCASE baseline)", rate => new LogMelVectors(rate), (features, seed) => new AutoEncoder(LogMelVectors.Frames * features.Mels, features.Mels, seed));

    /// <summary>The baseline of the MIMII paper (2019); trained for 50 epochs in batches of 512.</summary>
    public static AutoEncoderDesign Mimii2019 { get; } = new(
        "auto-encoder (MIMII 2019)", LogMelVectors.Mimii2019, (features, seed) => new MimiiAutoEncoder(LogMelVectors.Frames * features.Mels, seed));
}

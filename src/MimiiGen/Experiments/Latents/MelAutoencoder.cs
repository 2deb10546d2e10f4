using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>
/// A small variational auto-encoder (Kingma and Welling 2014) of log-mel spectra: four channels at a quarter of the bands, as many numbers as the codec's latents have. Its names are
/// its own: nothing published has these weights.
/// </summary>
internal sealed class MelAutoencoder : nn.Module
{
    public const int Channels = 4;

    private const int Width = 16;

    private readonly Sequential encoder;
    private readonly Sequential decoder;

    public MelAutoencoder()
        : base(nameof(MelAutoencoder))
    {
        encoder = nn.Sequential(
            nn.Conv2d(1, Width, (3, 3), (2, 1), (1, 1)), nn.SiLU(), nn.Conv2d(Width, 2 * Width, (3, 3), (2, 1), (1, 1)), nn.SiLU(), nn.Conv2d(2 * Width, 2 * Channels, 3, padding: 1));
        decoder = nn.Sequential(
            nn.Conv2d(Channels, 2 * Width, 3, padding: 1), nn.SiLU(), nn.ConvTranspose2d(2 * Width, Width, (4, 3), (2, 1), (1, 1)), nn.SiLU(), nn.ConvTranspose2d(Width, 1, (4, 3), (2, 1), (1, 1)));
        RegisterComponents();
    }

    /// <summary>Log-mel spectra (batch, rows, frames) to mean and log variance, each (batch, 4, rows / 4, frames).</summary>
    public (Tensor Mean, Tensor LogVariance) Encode(Tensor mel)
    {
        using var scope = NewDisposeScope();
        var parts = encoder.forward(mel.unsqueeze(1) / 4).chunk(2, 1);
        return (parts[0].MoveToOuterDisposeScope(), parts[1].clamp(-10, 10).MoveToOuterDisposeScope());
    }

    /// <summary>(batch, 4, rows / 4, frames) to log-mel spectra (batch, rows, frames).</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return (decoder.forward(latents).squeeze(1) * 4).MoveToOuterDisposeScope();
    }
}

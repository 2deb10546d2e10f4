using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>
/// A small vocoder: convolutions over frames give magnitude and phase of a spectrum, whose inverse transform is the sound (as Vocos, Siuzdak 2023). Channels of noise beside
/// the mel bands are what it makes random phases of. Its names are its own: nothing published has these weights.
/// </summary>
internal sealed class SpectrumVocoder : nn.Module<Tensor, Tensor, Tensor>
{
    private const int Width = 192;
    private const int Noise = 32;
    private const double LoudestLog = 8;

    private readonly Conv1d first;
    private readonly ModuleList<Conv1d> blocks;
    private readonly Conv1d last;
    private readonly Audio.Stft stft;

    /// <param name="rows">Mel bands.</param>
    /// <param name="stft">Of the spectra it gives.</param>
    public SpectrumVocoder(int rows, Audio.Stft stft)
        : base(nameof(SpectrumVocoder))
    {
        this.stft = stft;
        first = nn.Conv1d(rows + Noise, Width, 7, padding: 3);
        blocks = new ModuleList<Conv1d>(nn.Conv1d(Width, Width, 3, padding: 1), nn.Conv1d(Width, Width, 3, padding: 1), nn.Conv1d(Width, Width, 3, padding: 1));
        last = nn.Conv1d(Width, 2 * stft.Bins, 1);
        RegisterComponents();
    }

    /// <summary>Noise for so many frames: (batch, 32, frames).</summary>
    public static Tensor Draw(long batch, long frames, Generator? chance = null) => randn([batch, Noise, frames], generator: chance);

    /// <param name="mel">Log-mel spectra (batch, rows, frames).</param>
    /// <param name="noise">Of <see cref="Draw"/>.</param>
    /// <returns>(batch, frames * hop).</returns>
    public override Tensor forward(Tensor mel, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var x = first.forward(cat([mel / 4, noise], 1)); // (batch, width, frames)
        foreach (var block in blocks) x = x + block.forward(nn.functional.gelu(x)); // (batch, width, frames)
        var parts = last.forward(nn.functional.gelu(x)).chunk(2, 1); // twice (batch, bins, frames)
        parts = [.. parts.Select(p => cat([p, p.narrow(2, p.shape[2] - 1, 1)], 2))]; // a last frame that is centred on the end
        var magnitude = parts[0].clamp_max(LoudestLog).exp(); // (batch, bins, frames + 1)
        var spectrum = complex(magnitude * parts[1].cos(), magnitude * parts[1].sin());
        return stft.Inverse(spectrum, (int)mel.shape[2] * stft.HopLength).MoveToOuterDisposeScope(); // (batch, samples)
    }
}

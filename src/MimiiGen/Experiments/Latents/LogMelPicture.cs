using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>
/// Logarithmic mel spectra with the codec's hop and as many bands as it has rows, turned back by the pseudo-inverse of the bank and Griffin and Lim's algorithm: the
/// representation of AudioLDM and its like before any encoder.
/// </summary>
internal sealed class LogMelPicture : IRepresentation
{
    private const int FftLength = 1024;
    private const int Iterations = 32;
    private const double Floor = 1e-8; // of power: about that of 16-bit rounding at the level clips are brought to

    private readonly Stft stft;
    private readonly Tensor bank; // (rows, bins)
    private readonly Tensor inverse; // (bins, rows)

    /// <param name="sampleRate">Hz.</param>
    /// <param name="rows">Mel bands.</param>
    /// <param name="hop">Samples from one frame to the next.</param>
    public LogMelPicture(int sampleRate, int rows, int hop)
    {
        using var scope = NewDisposeScope();
        Hop = hop;
        stft = new Stft(FftLength, hop, StftPadding.Reflection);
        bank = tensor(MelBank.InHertz(sampleRate, FftLength, rows, 0, sampleRate / 2.0, MelScale.Slaney, equalArea: false)).to(ScalarType.Float32).DetachFromDisposeScope();
        inverse = linalg.pinv(bank).DetachFromDisposeScope();
    }

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop { get; }

    /// <summary>The transform.</summary>
    public Stft Stft => stft;

    /// <inheritdoc/>
    public Tensor Encode(float[] samples)
    {
        using var scope = NewDisposeScope();
        return Of(tensor(samples)).MoveToOuterDisposeScope();
    }

    /// <summary>(..., samples) to (..., rows, frames): one frame a hop begun.</summary>
    public Tensor Of(Tensor samples)
    {
        using var scope = NewDisposeScope();
        var mel = (bank.matmul(stft.Power(samples)) + Floor).log(); // (..., rows, 1 + samples / hop)
        return mel.narrow(-1, 0, (samples.shape[^1] + Hop - 1) / Hop).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public float[] Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var power = inverse.matmul(latents.cpu().exp()).clamp_min(0); // (bins, frames)
        var magnitude = cat([power, power.narrow(1, power.shape[1] - 1, 1)], 1).sqrt(); // a last frame that is centred on the end
        using var chance = new Generator(0);
        var phase = rand(magnitude.shape, generator: chance) * (2 * Math.PI);
        return GriffinLim.Reconstruct(magnitude, stft, (int)latents.shape[1] * Hop, Iterations, phase: phase).data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bank.Dispose();
        inverse.Dispose();
    }
}

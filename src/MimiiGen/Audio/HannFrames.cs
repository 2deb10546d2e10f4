using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>
/// A clip in frames under a Hann window, a quarter of a frame apart, and back: for filters that change over time. As many frames are worked on at once as the caller asks for, so that
/// a long clip's spectra are never held whole.
/// </summary>
/// <param name="Length">Samples of a frame, a multiple of 4.</param>
internal sealed record HannFrames(int Length)
{
    private const int Overlap = 4; // frames over each sample
    private const double SquaredWindows = 1.5; // what the squares of so many Hann windows add up to

    public int Hop => Length / Overlap;

    /// <summary>What the window's squares add up to: the power of a bin of white noise of variance 1.</summary>
    public double WindowPower => Hop * SquaredWindows;

    /// <summary>Frames that last about so many seconds.</summary>
    public static HannFrames Lasting(double seconds, int sampleRate) => new((int)Math.Round(seconds * sampleRate / Overlap) * Overlap);

    /// <summary>A clip with a reflection a frame long at either end: (padded).</summary>
    /// <param name="samples">More than a frame.</param>
    public Tensor Padded(ReadOnlySpan<float> samples)
    {
        using var wave = empty(1, 1, samples.Length);
        samples.CopyTo(MemoryMarshal.Cast<byte, float>(wave.bytes));
        using var padded = nn.functional.pad(wave, [Length, Length], PaddingModes.Reflect);
        return padded.flatten();
    }

    /// <summary>The samples between the reflections.</summary>
    /// <param name="padded">(padded).</param>
    /// <param name="samples">Of the clip.</param>
    public float[] Cut(Tensor padded, int samples) => padded.narrow(0, Length, samples).data<float>().ToArray();

    /// <summary>Number of frames.</summary>
    /// <param name="padded">(padded).</param>
    public int Count(Tensor padded) => 1 + ((int)(padded.numel() - Length) / Hop);

    /// <summary>Some frames' spectra: (frames, bins), complex.</summary>
    /// <param name="padded">(padded).</param>
    /// <param name="from">The first frame.</param>
    /// <param name="end">The frame after the last.</param>
    public Tensor Spectra(Tensor padded, int from, int end)
    {
        using var scope = NewDisposeScope();
        var frames = padded.narrow(0, from * (long)Hop, ((end - from - 1L) * Hop) + Length).unfold(0, Length, Hop); // (frames, length)
        return fft.rfft(frames * Window(), dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Adds frames to a sum.</summary>
    /// <param name="sum">(padded).</param>
    /// <param name="spectra">(frames, bins), complex.</param>
    /// <param name="from">The first of these frames.</param>
    public void Add(Tensor sum, Tensor spectra, int from)
    {
        using var scope = NewDisposeScope();
        var pieces = fft.irfft(spectra, Length, dim: 1).mul_(Window() / SquaredWindows); // (frames, length)
        var count = spectra.shape[0];
        for (var part = 0; part < Overlap; part++)
            sum.narrow(0, (from + part) * (long)Hop, count * Hop).add_(pieces.narrow(1, part * Hop, Hop).flatten());
    }

    private Tensor Window() => hann_window(Length, periodic: true);
}

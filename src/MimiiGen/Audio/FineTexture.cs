using static TorchSharp.torch;

namespace MimiiGen.Audio;

/// <summary>What the narrow bands of a whole clip hold, which no second of it tells.</summary>
/// <param name="Spectrum">Their levels: (<see cref="FineSpectrum.Bands"/>).</param>
/// <param name="Variation">How much these change over time: (<see cref="FineVariation.Bands"/>); null of a clip too short, or where it was not measured.</param>
public sealed record FineTexture(float[] Spectrum, float[]? Variation)
{
    /// <summary>That of a clip; null of one too short (<see cref="FineSpectrum.Fits"/>).</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static FineTexture? Measure(ReadOnlySpan<float> samples, int sampleRate)
    {
        if (!FineSpectrum.Fits(samples.Length, sampleRate)) return null;
        return new(FineSpectrum.Measure(samples, sampleRate), FineVariation.Fits(samples.Length, sampleRate) ? FineVariation.Measure(samples, sampleRate) : null);
    }

    /// <summary>The clip with this texture, as far as it is long enough for it.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="sampleRate">In Hz, that of the clip which the texture is of.</param>
    /// <param name="noise">Gives so many standard normal numbers, float32 on the CPU.</param>
    /// <returns>As many samples.</returns>
    public float[] Impose(ReadOnlySpan<float> samples, int sampleRate, Func<int, Tensor> noise)
    {
        if (!FineSpectrum.Fits(samples.Length, sampleRate)) return samples.ToArray();
        if (Variation is { } variation && FineVariation.Fits(samples.Length, sampleRate)) samples = FineVariation.Impose(samples, sampleRate, variation, noise);
        return FineSpectrum.Impose(samples, sampleRate, Spectrum);
    }
}

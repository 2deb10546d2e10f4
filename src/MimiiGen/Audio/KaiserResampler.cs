using System.Collections.Concurrent;

namespace MimiiGen.Audio;

/// <summary>
/// Resampling by a Kaiser-windowed sinc, one filter for each phase of the reduced rates: the same numbers as torchaudio's
/// <c>resample(..., resampling_method="sinc_interp_kaiser")</c>, without its products with zeros.
/// <para>
/// Output sample j lies at the input position j from/to and is the sum over inputs i of
/// x[i] b/from sinc(b t) w(b t), where t = i/from - j/to in units of the reduced rates, b = rolloff min(from, to),
/// and w is the Kaiser window of <see cref="Beta"/> over +-<see cref="Width"/> zero crossings. Beyond its ends the input is zero.
/// </para>
/// </summary>
public sealed class KaiserResampler
{
    private readonly ConcurrentDictionary<(int From, int To), SincFilterBank> banks = new();

    /// <summary>Makes a resampler; <see cref="Steep"/> and <see cref="KaiserBest"/> are the settings in use.</summary>
    /// <param name="width">Zero crossings of the sinc to each side, at least 1.</param>
    /// <param name="rolloff">Cut-off as a share of the lower Nyquist frequency, above 0 to 1.</param>
    /// <param name="beta">Shape of the Kaiser window, 0 or more: the larger, the deeper the stop band and the wider the transition.</param>
    public KaiserResampler(int width, double rolloff, double beta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rolloff);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rolloff, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        Width = width;
        Rolloff = rolloff;
        Beta = beta;
    }

    /// <summary>
    /// For training clips on their way up and generated clips on their way down: flat to 0.99 of Nyquist. A gentler filter takes
    /// decibels from the top mel bands, and a detector then tells resampled clips from recorded ones by that alone.
    /// </summary>
    public static KaiserResampler Steep { get; } = new(256, 0.995, 14.769656459379492);

    /// <summary>librosa's and resampy's <c>kaiser_best</c>, which published metrics were computed with; it removes the top 5 % of the band.</summary>
    public static KaiserResampler KaiserBest { get; } = new(64, 0.9475937167399596, 14.769656459379492);

    /// <summary>Zero crossings of the sinc to each side.</summary>
    public int Width { get; }

    /// <summary>Cut-off as a share of the lower Nyquist frequency.</summary>
    public double Rolloff { get; }

    /// <summary>Shape of the Kaiser window.</summary>
    public double Beta { get; }

    /// <summary>Resamples one channel; the same rate gives a copy.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="fromRate">Its rate in Hz, above 0.</param>
    /// <param name="toRate">The wanted rate in Hz, above 0.</param>
    /// <returns>ceil(n to / from) samples.</returns>
    public float[] Resample(ReadOnlySpan<float> samples, int fromRate, int toRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fromRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(toRate);
        return fromRate == toRate ? samples.ToArray() : Bank(fromRate, toRate).Apply(samples);
    }

    /// <summary>Resamples every channel.</summary>
    /// <param name="waveform">(channels, frames); it stays as it is.</param>
    /// <param name="toRate">The wanted rate in Hz, above 0.</param>
    public Waveform Resample(Waveform waveform, int toRate)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return new Waveform([.. waveform.Channels.Select(c => Resample(c, waveform.SampleRate, toRate))], toRate);
    }

    /// <summary>Samples that <see cref="Resample(ReadOnlySpan{float}, int, int)"/> gives.</summary>
    /// <param name="samples">Samples before.</param>
    /// <param name="fromRate">Their rate in Hz, above 0.</param>
    /// <param name="toRate">The wanted rate in Hz, above 0.</param>
    public static long LengthAfter(long samples, int fromRate, int toRate) => (long)((((Int128)samples * toRate) + fromRate - 1) / fromRate);

    /// <summary>Resamples a waveform that comes in blocks: the same samples as of the whole, bit for bit, a block in memory at a time.</summary>
    /// <param name="blocks">One waveform after the other, all of one rate and number of channels.</param>
    /// <param name="toRate">The wanted rate in Hz, above 0.</param>
    public IEnumerable<Waveform> Resample(IEnumerable<Waveform> blocks, int toRate)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var fromRate = 0;
        ResampledStream[]? streams = null;
        foreach (var block in blocks)
        {
            fromRate = block.SampleRate;
            if (fromRate != toRate) streams ??= [.. block.Channels.Select(_ => new ResampledStream(Bank(fromRate, toRate)))];
            yield return streams is null ? block : new Waveform([.. block.Channels.Select((samples, c) => streams[c].Feed(samples, last: false))], toRate);
        }

        if (streams is not null) yield return new Waveform([.. streams.Select(s => s.Feed([], last: true))], toRate);
    }

    private SincFilterBank Bank(int fromRate, int toRate)
    {
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(fromRate, toRate);
        return banks.GetOrAdd((fromRate / divisor, toRate / divisor), rates => new SincFilterBank(rates.From, rates.To, Width, Rolloff, Beta));
    }
}

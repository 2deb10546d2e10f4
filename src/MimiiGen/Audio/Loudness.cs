namespace MimiiGen.Audio;

/// <summary>
/// Programme loudness and true peak of ITU-R BS.1770-4. The K-weighting filters are those of the recommendation at 48 kHz, carried to
/// other rates by their analogue prototypes (B. De Man, 2018), so that a full-scale sine of 997 Hz reads -3.01 LUFS.
/// </summary>
public static class Loudness
{
    private const double Offset = -0.691; // dB; makes a 1 kHz sine read its level
    private const double AbsoluteGate = -70; // LUFS
    private const double RelativeGate = -10; // LU

    /// <summary>Integrated loudness over blocks of 0.4 s that overlap by 75 %, gated at -70 LUFS and then at 10 LU below their mean.</summary>
    /// <param name="waveform">Left, right, centre, left surround, right surround; the surrounds weigh 1.41, further channels 1.</param>
    /// <returns>LUFS; negative infinity where no block passes the gates.</returns>
    /// <exception cref="BadInputException">Shorter than 0.4 s.</exception>
    public static double Integrated(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var blocks = BlockPowers(waveform);
        var gated = blocks.Where(power => ToLoudness(power) >= AbsoluteGate).ToArray();
        if (gated.Length == 0) return double.NegativeInfinity;
        var threshold = ToLoudness(gated.Average()) + RelativeGate;
        gated = [.. gated.Where(power => ToLoudness(power) > threshold)];
        return gated.Length == 0 ? double.NegativeInfinity : ToLoudness(gated.Average());
    }

    /// <summary>
    /// Highest level between the samples too, by fourfold upsampling. The filter is flat to 0.99 of Nyquist; one with a lower cut-off
    /// would take a decibel off a click.
    /// </summary>
    /// <param name="samples">One channel.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <returns>dBTP, at least the sample peak.</returns>
    public static double TruePeak(ReadOnlySpan<float> samples, int sampleRate) =>
        Math.Max(Levels.Peak(samples), Levels.Peak(KaiserResampler.Steep.Resample(samples, sampleRate, checked(4 * sampleRate))));

    /// <summary>The two filters in the order they are applied: the shelf of the head, then the high pass.</summary>
    internal static Biquad[] KWeighting(int sampleRate) => [HeadShelf(sampleRate), HighPass(sampleRate)];

    private static double[] BlockPowers(Waveform waveform)
    {
        const double blockSeconds = 0.4;
        const double hopSeconds = 0.1;
        if (waveform.Seconds < blockSeconds) throw new BadInputException($"{waveform.Seconds:0.###} s are too short to measure loudness; give at least {blockSeconds} s");
        var count = (int)Math.Round((waveform.Seconds - blockSeconds) / hopSeconds) + 1;
        var powers = new double[count];
        for (var c = 0; c < waveform.ChannelCount; c++)
        {
            var weighted = Biquad.Filter(KWeighting(waveform.SampleRate), waveform.Channel(c));
            var gain = c is 3 or 4 ? 1.41 : 1;
            for (var b = 0; b < count; b++)
            {
                var start = (int)(b * hopSeconds * waveform.SampleRate);
                var end = Math.Min(weighted.Length, (int)(((b * hopSeconds) + blockSeconds) * waveform.SampleRate));
                var sum = 0.0;
                foreach (var x in weighted.AsSpan(start, end - start)) sum += x * x;
                powers[b] += gain * sum / (blockSeconds * waveform.SampleRate);
            }
        }

        return powers;
    }

    private static double ToLoudness(double power) => Offset + (10 * Math.Log10(power));

    private static Biquad HeadShelf(int sampleRate)
    {
        const double frequency = 1681.9744509555319; // Hz
        const double gain = 3.99984385397; // dB
        const double quality = 0.7071752369554193;
        var k = Math.Tan(Math.PI * frequency / sampleRate);
        var high = Math.Pow(10, gain / 20);
        var band = Math.Pow(high, 0.499666774155);
        var a0 = 1 + (k / quality) + (k * k);
        return new Biquad(
            (high + (band * k / quality) + (k * k)) / a0,
            2 * ((k * k) - high) / a0,
            (high - (band * k / quality) + (k * k)) / a0,
            2 * ((k * k) - 1) / a0,
            (1 - (k / quality) + (k * k)) / a0);
    }

    private static Biquad HighPass(int sampleRate)
    {
        const double frequency = 38.13547087613982; // Hz
        const double quality = 0.5003270373253953;
        var k = Math.Tan(Math.PI * frequency / sampleRate);
        var a0 = 1 + (k / quality) + (k * k);
        return new Biquad(1, -2, 1, 2 * ((k * k) - 1) / a0, (1 - (k / quality) + (k * k)) / a0);
    }
}

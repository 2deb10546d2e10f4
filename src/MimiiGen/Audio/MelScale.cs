namespace MimiiGen.Audio;

/// <summary>From Hz to mel and back.</summary>
public sealed class MelScale
{
    private const double LogStart = 1000; // Hz; the Slaney scale is linear below
    private const double LinearStep = 200.0 / 3; // Hz a mel
    private static readonly double LogStep = Math.Log(6.4) / 27; // nepers a mel

    private readonly Func<double, double> toMel;
    private readonly Func<double, double> toHertz;

    private MelScale(Func<double, double> toMel, Func<double, double> toHertz)
    {
        this.toMel = toMel;
        this.toHertz = toHertz;
    }

    /// <summary>Slaney's Auditory Toolbox: linear to 1 kHz, logarithmic above (librosa's default).</summary>
    public static MelScale Slaney { get; } = new(
        f => f < LogStart ? f / LinearStep : (LogStart / LinearStep) + (Math.Log(f / LogStart) / LogStep),
        m => m < LogStart / LinearStep ? m * LinearStep : LogStart * Math.Exp(LogStep * (m - (LogStart / LinearStep))));

    /// <summary>HTK: 2595 log10(1 + f/700) (torchaudio's default).</summary>
    public static MelScale Htk { get; } = new(
        f => 2595 * Math.Log10(1 + (f / 700)),
        m => 700 * (Math.Pow(10, m / 2595) - 1));

    /// <summary>Kaldi and VGGish: 1127 ln(1 + f/700), HTK's scale with a rounded constant.</summary>
    public static MelScale Kaldi { get; } = new(
        f => 1127 * Math.Log(1 + (f / 700)),
        m => 700 * (Math.Exp(m / 1127) - 1));

    /// <summary>Mel of a frequency in Hz.</summary>
    public double ToMel(double hertz) => toMel(hertz);

    /// <summary>Frequency in Hz of a mel.</summary>
    public double ToHertz(double mel) => toHertz(mel);

    /// <summary>Points evenly spaced in mel from one frequency to another, both included, in mel.</summary>
    internal double[] Points(double lowest, double highest, int count)
    {
        var (low, high) = (ToMel(lowest), ToMel(highest));
        return [.. Enumerable.Range(0, count).Select(i => low + ((high - low) * i / (count - 1)))];
    }
}

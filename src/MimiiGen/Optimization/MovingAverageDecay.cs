namespace MimiiGen.Optimization;

/// <summary>How far the moving average of the weights keeps its past at each update, as diffusers' EMAModel.</summary>
/// <param name="Decay">Upper bound, reached in the long run.</param>
public sealed record MovingAverageDecay(double Decay = 0.9999)
{
    /// <summary>Lower bound, once averaging has begun.</summary>
    public double MinDecay { get; init; }

    /// <summary>Updates before averaging begins; until then the average is a copy.</summary>
    public int UpdateAfterStep { get; init; }

    /// <summary>Rises as 1 - (1 + n / InverseGamma)^-Power instead of (1 + n) / (10 + n).</summary>
    public bool UseWarmUp { get; init; }

    /// <summary>With warm-up: updates until the rise begins to slow down.</summary>
    public double InverseGamma { get; init; } = 1;

    /// <summary>With warm-up: 2/3 for runs of a million steps, 3/4 for shorter ones.</summary>
    public double Power { get; init; } = 2.0 / 3;

    /// <summary>The decay of an update, counted from 1: average = decay average + (1 - decay) weights.</summary>
    public double At(long update)
    {
        var n = update - UpdateAfterStep - 1;
        if (n <= 0) return 0;
        var rising = UseWarmUp ? 1 - Math.Pow(1 + (n / InverseGamma), -Power) : (1.0 + n) / (10 + n);
        return Math.Max(Math.Min(rising, Decay), MinDecay);
    }
}

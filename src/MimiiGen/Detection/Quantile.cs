namespace MimiiGen.Detection;

/// <summary>Quantiles by linear interpolation between order statistics (numpy's default, Hyndman and Fan's type 7).</summary>
public static class Quantile
{
    /// <summary>The value below which a share <paramref name="q"/> (0 to 1) of the values lies.</summary>
    /// <exception cref="BadInputException">There are no values, or one is NaN.</exception>
    public static double Of(IReadOnlyCollection<double> values, double q)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(q >= 0 && q <= 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "a share from 0 to 1");
        if (values.Count == 0 || values.Any(double.IsNaN)) throw new BadInputException("a quantile needs values, none of them NaN");
        double[] ordered = [.. values.Order()];
        var position = q * (ordered.Length - 1);
        var below = (int)Math.Floor(position);
        return below + 1 == ordered.Length ? ordered[below] : ordered[below] + ((position - below) * (ordered[below + 1] - ordered[below]));
    }
}

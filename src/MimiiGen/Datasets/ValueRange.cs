namespace MimiiGen.Datasets;

/// <summary>Where the values of many clips lie.</summary>
/// <param name="Smallest">The smallest.</param>
/// <param name="Median">As many are below as above; the upper one of two.</param>
/// <param name="Largest">The largest.</param>
public sealed record ValueRange(double Smallest, double Median, double Largest)
{
    /// <summary>Null for no values.</summary>
    internal static ValueRange? Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered.Length == 0 ? null : new ValueRange(ordered[0], ordered[ordered.Length / 2], ordered[^1]);
    }
}

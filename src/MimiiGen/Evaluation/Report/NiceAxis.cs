namespace MimiiGen.Evaluation.Report;

/// <summary>An axis whose ends and ticks are round numbers.</summary>
internal sealed record NiceAxis(double Low, double High, double Step)
{
    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round((High - Low) / Step) + 1).Select(i => Low + (i * Step));

    public static NiceAxis Around(double low, double high, int ticks = 5)
    {
        if (!(high > low)) (low, high) = (low - 0.5, low + 0.5);
        var rough = (high - low) / ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return new NiceAxis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    /// <summary>Where a value lies, 0 at the low end and 1 at the high one.</summary>
    public double Place(double value) => (value - Low) / (High - Low);
}

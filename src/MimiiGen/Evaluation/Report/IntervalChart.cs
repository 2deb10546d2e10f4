namespace MimiiGen.Evaluation.Report;

/// <summary>An interval as a dot with whiskers, half a unit to either side of a middle: for the cells of a table.</summary>
internal static class IntervalChart
{
    private const double Width = 190;
    private const double Height = 22;
    private const double Margin = 6;

    public static string Draw(Interval interval, double middle)
    {
        var svg = new Svg(Width, Height, FormattableString.Invariant($"{interval.Estimate:f3}, from {interval.Low:f3} to {interval.High:f3}"));
        double X(double value) => Margin + (Math.Clamp(value - middle + 0.5, 0, 1) * (Width - (2 * Margin)));
        svg.Line(X(middle - 0.5), Height / 2, X(middle + 0.5), Height / 2, "grid");
        svg.Line(X(middle), 1, X(middle), Height - 1, "reference");
        svg.Line(X(interval.Low), Height / 2, X(interval.High), Height / 2, "whisker");
        svg.Circle(X(interval.Estimate), Height / 2, 4.5, "dot");
        return svg.ToString();
    }
}

using MathNet.Numerics;

namespace MimiiGen.Detection;

/// <summary>A gamma distribution moved by a location: x = location + scale * Gamma(shape).</summary>
/// <param name="Shape">Above 0; 1 is the exponential, large is nearly normal.</param>
/// <param name="Location">The lower end of the support.</param>
/// <param name="Scale">Above 0, in the unit of x.</param>
public sealed record GammaDistribution(double Shape, double Location, double Scale)
{
    /// <summary>
    /// The maximum of the likelihood over shape, location and scale, as <c>scipy.stats.gamma.fit</c> seeks it with the
    /// location left free. Null where there is none: with a shape below 1 the likelihood has no bound (the location runs
    /// into the least value), with negative skew the location runs to minus infinity.
    /// </summary>
    /// <exception cref="BadInputException">A value is NaN or infinite, or the values are not at least two different ones.</exception>
    public static GammaDistribution? Fit(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Any(v => !double.IsFinite(v))) throw new BadInputException("a gamma distribution can't be fitted: a value is NaN or infinite");
        if (values.Distinct().Count() < 2) throw new BadInputException($"a gamma distribution can't be fitted to {values.Count} values that are all alike");
        double least = values.Min(), range = values.Max() - least;

        // the profile over the distance from the location to the least value, on a logarithmic grid; beyond a hundred
        // times the range a gamma distribution is a normal one, and only rounding would decide
        double first = Math.Log(range * 1e-6), last = Math.Log(range * 1e2);
        const int points = 400;
        var grid = new (double LogLikelihood, double Shape)[points];
        for (var i = 0; i < points; i++) grid[i] = At(first + ((last - first) * i / (points - 1)));
        var best = -1;
        for (var i = 1; i < points - 1; i++)
            if (grid[i].Shape >= 1 && grid[i].LogLikelihood >= grid[i - 1].LogLikelihood && grid[i].LogLikelihood > grid[i + 1].LogLikelihood
                && (best < 0 || grid[i].LogLikelihood > grid[best].LogLikelihood))
                best = i;
        if (best < 0) return null;
        var step = (last - first) / (points - 1);
        var top = GoldenSection(x => At(x).LogLikelihood, first + (step * (best - 1)), first + (step * (best + 1)));
        var location = least - Math.Exp(top);
        var shape = At(top).Shape;
        return new GammaDistribution(shape, location, (values.Average() - location) / shape);

        (double LogLikelihood, double Shape) At(double logDistance)
        {
            var distance = Math.Exp(logDistance);
            double sum = 0, logs = 0;
            foreach (var value in values)
            {
                sum += value - least + distance;
                logs += Math.Log(value - least + distance);
            }

            double mean = sum / values.Count, meanLog = logs / values.Count;
            var k = ShapeOf(Math.Log(mean) - meanLog);
            return ((-SpecialFunctions.GammaLn(k)) - (k * Math.Log(mean / k)) + ((k - 1) * meanLog) - k, k);
        }
    }

    /// <summary>The value that a share <paramref name="q"/> (0 to 1) of the distribution lies below.</summary>
    public double Quantile(double q)
    {
        if (!(q >= 0 && q <= 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "a share from 0 to 1");
        if (q == 0) return Location;
        if (q == 1) return double.PositiveInfinity;

        // Newton's method on the logarithm of x keeps x positive; it starts where a small x obeys P(x) = x^k / Gamma(k + 1)
        // or, for large shapes, at Wilson and Hilferty's cube
        var z = Math.Sqrt(2) * SpecialFunctions.ErfInv((2 * q) - 1);
        var cube = 1 - (1 / (9 * Shape)) + (z / (3 * Math.Sqrt(Shape)));
        var x = cube > 0.3 ? Shape * cube * cube * cube : Math.Exp((Math.Log(q) + SpecialFunctions.GammaLn(Shape + 1)) / Shape);
        for (var i = 0; i < 100; i++)
        {
            var density = Math.Exp((Shape * Math.Log(x)) - x - SpecialFunctions.GammaLn(Shape)); // x p(x), the derivative by ln x
            var move = Math.Clamp((q - Cumulative(x)) / density, -1, 1);
            x *= Math.Exp(move);
            if (Math.Abs(move) < 1e-15) break;
        }

        return Location + (Scale * x);
    }

    /// <summary>The regularised lower incomplete gamma function P(shape, x); by its power series where x is small.</summary>
    private double Cumulative(double x)
    {
        if (x > 1) return SpecialFunctions.GammaLowerRegularized(Shape, x);
        double term = 1, sum = 1;
        for (var n = 1; term > sum * 1e-17; n++) sum += term *= x / (Shape + n);
        return sum * Math.Exp((Shape * Math.Log(x)) - x - SpecialFunctions.GammaLn(Shape + 1));
    }

    /// <summary>Solves ln k - digamma(k) = s: the likeliest shape when the location is given (Minka 2002).</summary>
    private static double ShapeOf(double s)
    {
        var k = (3 - s + Math.Sqrt(((s - 3) * (s - 3)) + (24 * s))) / (12 * s);
        for (var i = 0; i < 30; i++)
        {
            var slope = (1 / k) - Trigamma(k);
            var inverse = (1 / k) + ((Math.Log(k) - SpecialFunctions.DiGamma(k) - s) / (k * k * slope));
            if (!(inverse > 0) || Math.Abs((1 / inverse) - k) < 1e-14 * k) break;
            k = 1 / inverse;
        }

        return k;
    }

    private static double Trigamma(double x)
    {
        double sum = 0;
        for (; x < 12; x++) sum += 1 / (x * x);
        var y = 1 / (x * x);
        return sum + (1 / x) + (y / 2) + (y / x * ((1.0 / 6) - (y * ((1.0 / 30) - (y * ((1.0 / 42) - (y / 30)))))));
    }

    private static double GoldenSection(Func<double, double> f, double low, double high)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-9)
        {
            double a = high - (ratio * (high - low)), b = low + (ratio * (high - low));
            if (f(a) > f(b)) high = b;
            else low = a;
        }

        return (low + high) / 2;
    }
}

namespace MimiiGen.Bench;

/// <summary>How long one piece of work takes.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Seconds">Median over the runs.</param>
/// <param name="Runs">How often it was run.</param>
/// <param name="Operations">Floating-point operations of one run (a multiplication and an addition are two); null where they aren't counted.</param>
internal sealed record Measurement(string Name, double Seconds, int Runs, double? Operations)
{
    public double? Gigaflops => Operations / Seconds / 1e9;
}

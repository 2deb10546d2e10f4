using System.Globalization;

namespace MimiiGen.Captions;

/// <summary>Units of the published sets, spelled as the published captions spell them.</summary>
internal static class Units
{
    private static readonly Dictionary<(string Machine, string Condition), string> Published = new()
    {
        [("bearing", "velocity")] = "krpm",
        [("slider", "velocity")] = "(mm/s)",
        [("gearbox", "voltage")] = "(V)",
        [("gearbox", "weight")] = "(g)",
    };

    /// <summary>The value with its unit; a value that already says more than a number stays as it is.</summary>
    public static string Spell(string machine, string condition, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && Published.TryGetValue((machine, condition), out var unit)
            ? $"{value} {unit}"
            : value;
}

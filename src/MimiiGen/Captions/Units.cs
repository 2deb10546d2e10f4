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
        [("gearbox", "arm length")] = "(mm)",
    };

    /// <summary>The value with its unit.</summary>
    public static string Spell(string machine, string condition, string value) => $"{value} {Of(machine, condition, value)}".TrimEnd();

    /// <summary>The unit of a value; empty where none is published, and for a value that already says more than a number.</summary>
    public static string Of(string machine, string condition, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? Published.GetValueOrDefault((machine, condition), "") : "";
}

namespace MimiiGen.Datasets;

/// <summary>The short spellings that the DCASE and ToyADMOS sets use in file names and tables, and what they stand for.</summary>
public static class AttributeNames
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vel"] = "velocity",
        ["ac"] = "acceleration",
        ["acc"] = "acceleration",
        ["loc"] = "location",
        ["volt"] = "voltage",
        ["wt"] = "weight",
        ["spd"] = "speed",
        ["pat"] = "moving pattern",
        ["pattern"] = "moving pattern",
        ["panel"] = "surroundings",
        ["car"] = "model",
        ["mic"] = "microphone",
        ["m n"] = "mixed noise",
        ["f n"] = "factory noise",
        ["n lv"] = "noise level",
        ["n"] = "noise",
        ["pro"] = "model",
        ["v1pat"] = "first moving pattern",
        ["v2pat"] = "second moving pattern",
    };

    /// <summary>
    /// The name in plain words, lower case: <c>vel</c> -> velocity, <c>n-lv</c> -> noise level, <c>oil_temperature</c> and
    /// <c>oilTemperature</c> -> oil temperature. Equal conditions have equal canonical names.
    /// </summary>
    public static string Canonical(string name)
    {
        var words = Words.Of(name).ToLowerInvariant();
        return Meanings.GetValueOrDefault(words, words);
    }

    /// <summary>True for the texts by which the sets say that a value isn't known: noAttribute, nan.</summary>
    public static bool IsMissing(string value) =>
        value.Equals("noAttribute", StringComparison.OrdinalIgnoreCase) || value.Equals("nan", StringComparison.OrdinalIgnoreCase);
}

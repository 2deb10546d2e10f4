using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>The conditions of a clip that a sentence has yet to name: each is taken once, so that none is lost and none said twice.</summary>
internal sealed class OpenConditions
{
    private readonly List<OperatingCondition> open = [];

    public OpenConditions(AttributeList attributes)
    {
        foreach (var (name, value) in attributes)
            if (!AttributeNames.IsMissing(name) && !AttributeNames.IsMissing(value))
                open.Add(new OperatingCondition(AttributeNames.Canonical(name), DecimalPoint(Plain(value))));
    }

    /// <summary>What nothing has taken, in the order given.</summary>
    public IReadOnlyList<OperatingCondition> Rest => open;

    /// <summary>The value under a canonical name, empty where it is only named; null where there is none.</summary>
    public string? Take(string name)
    {
        var index = open.FindIndex(c => c.Name == name);
        if (index < 0) return null;
        var value = open[index].Value;
        open.RemoveAt(index);
        return value;
    }

    /// <summary>One line with single spaces.</summary>
    public static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Some sets write 2,3 for 2.3.</summary>
    private static string DecimalPoint(string value)
    {
        var comma = value.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && comma < value.Length - 1 && value.Where((_, i) => i != comma).All(char.IsAsciiDigit) ? value.Replace(',', '.') : value;
    }
}

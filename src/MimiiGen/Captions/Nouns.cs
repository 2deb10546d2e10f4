using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>Machines as nouns of an English sentence.</summary>
internal static class Nouns
{
    /// <summary>ToyCar -> toy car, 3DPrinter -> 3D printer, ToyRCCar -> toy RC car.</summary>
    public static string Machine(string machine) =>
        string.Join(' ', Words.Of(machine).Split(' ').Select(w => w.Skip(1).Any(char.IsUpper) ? w : w.ToLowerInvariant()));

    /// <summary>A or An, by the first sound of the noun.</summary>
    public static string Article(string noun)
    {
        var consonant = noun.StartsWith("uni", StringComparison.OrdinalIgnoreCase) || noun.StartsWith("eu", StringComparison.OrdinalIgnoreCase);
        return !consonant && "aeiou8".Contains(char.ToLowerInvariant(noun[0]), StringComparison.Ordinal) ? "An" : "A";
    }
}

using System.Text;

namespace MimiiGen.Datasets;

/// <summary>Identifiers of datasets as words: ToyCar, 3DPrinter, oil_temperature.</summary>
internal static class Words
{
    /// <summary>
    /// Splits at underscores, hyphens, spaces, and where a small letter or an abbreviation meets a new word:
    /// ToyRCCar -> Toy RC Car, 3DPrinter -> 3D Printer. Letters keep their case.
    /// </summary>
    public static string Of(string identifier)
    {
        var text = new StringBuilder(identifier.Length + 4);
        for (var i = 0; i < identifier.Length; i++)
        {
            var c = identifier[i];
            if (c is '_' or '-' || char.IsWhiteSpace(c))
            {
                if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
                continue;
            }

            if (i > 0 && char.IsUpper(c) && StartsWord(identifier, i) && text.Length > 0 && text[^1] != ' ') text.Append(' ');
            text.Append(c);
        }

        return text.ToString().Trim();
    }

    private static bool StartsWord(string identifier, int i)
    {
        if (char.IsLower(identifier[i - 1])) return true;
        return char.IsUpper(identifier[i - 1]) && i + 1 < identifier.Length && char.IsLower(identifier[i + 1]);
    }
}

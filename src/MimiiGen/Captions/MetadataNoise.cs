using System.Globalization;
using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>
/// Makes metadata wrong at a given rate, as that of a real plant is: a value is swapped for one that other clips of the dataset have under the same
/// name or, where all have the same, a number for another number; a clip's state is flipped.
/// </summary>
public sealed class MetadataNoise
{
    private const int Seldom = 1000;

    private readonly double rate;
    private readonly ulong seed;
    private readonly Dictionary<string, string[]> values;

    /// <param name="rate">Chance of each value to be wrong, 0 to 1.</param>
    /// <param name="seed">The same seed makes the same mistakes.</param>
    /// <param name="dataset">The clips whose values are swapped.</param>
    /// <exception cref="BadInputException">The rate is no chance.</exception>
    public MetadataNoise(double rate, ulong seed, IEnumerable<ClipMetadata> dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (rate is not (>= 0 and <= 1)) throw new BadInputException($"a noise of {rate}: give the part of the values that is to be wrong, 0 to 1");
        (this.rate, this.seed) = (rate, seed);
        values = dataset.SelectMany(Values).GroupBy(v => v.Name, v => v.Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The metadata of one clip with its mistakes, which depend on the seed and the clip's index alone.</summary>
    /// <param name="metadata">Of the clip.</param>
    /// <param name="index">Of the clip in its dataset.</param>
    public ClipMetadata Apply(ClipMetadata metadata, int index)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var chance = new Random(HashCodeOf(seed, index));
        return metadata with
        {
            Machine = Wrong("machine", metadata.Machine, chance)!,
            Id = Wrong("id", metadata.Id, chance),
            Anomaly = chance.NextDouble() < rate ? !metadata.Anomaly : metadata.Anomaly,
            AnomalyType = Wrong("fault", metadata.AnomalyType, chance),
            Microphone = Wrong("microphone", metadata.Microphone?.ToString(), chance) is { } number ? int.Parse(number) : null,
            SnrDb = Wrong("snr", metadata.SnrDb, chance),
            Domain = Wrong("domain", metadata.Domain, chance),
            Section = Wrong("section", metadata.Section, chance),
            Attributes = [.. metadata.Attributes.Select(a => a with { Value = Wrong(AttributeKey(a), a.Value, chance)! })],
        };
    }

    private static IEnumerable<(string Name, string Value)> Values(ClipMetadata clip)
    {
        (string Name, string? Value)[] common =
        [
            ("machine", clip.Machine), ("id", clip.Id), ("fault", clip.AnomalyType), ("microphone", clip.Microphone?.ToString()),
            ("snr", clip.SnrDb), ("domain", clip.Domain), ("section", clip.Section),
        ];
        return common.Concat(clip.Attributes.Select(a => (Name: AttributeKey(a), Value: (string?)a.Value))).Where(v => !string.IsNullOrEmpty(v.Value)).Select(v => (v.Name, v.Value!));
    }

    // the colon keeps a user's column named "id" apart from the id above
    private static string AttributeKey(OperatingCondition attribute) => ":" + AttributeNames.Canonical(attribute.Name);

    /// <summary>Each value takes the same draws, whether it ends wrong or not, so that a higher rate keeps the mistakes of a lower one.</summary>
    private string? Wrong(string name, string? value, Random chance)
    {
        var (isWrong, draw) = (chance.NextDouble() < rate, chance.Next(Seldom));
        if (string.IsNullOrEmpty(value) || !isWrong) return value;
        var others = values.GetValueOrDefault(name, []).Where(v => v != value).ToArray();
        if (others.Length > 0) return others[draw % others.Length];
        return decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? (number + 1 + (draw % 9)).ToString(CultureInfo.InvariantCulture).PadLeft(value.Length, '0')
            : value;
    }

    private static int HashCodeOf(ulong seed, int index)
    {
        var z = (seed + (ulong)index + 1) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        return (int)((z ^ (z >> 27)) & int.MaxValue);
    }
}

using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace MimiiGen.Datasets;

/// <summary>The further operating conditions of a clip, in the order given, each name once. Two lists are equal when their entries are.</summary>
[CollectionBuilder(typeof(AttributeList), nameof(From))]
[JsonConverter(typeof(AttributeListJson))]
public sealed class AttributeList : IReadOnlyList<OperatingCondition>, IEquatable<AttributeList>
{
    private readonly OperatingCondition[] entries;

    private AttributeList(OperatingCondition[] entries) => this.entries = entries;

    /// <summary>A list without entries.</summary>
    public static AttributeList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => entries.Length;

    /// <inheritdoc/>
    public OperatingCondition this[int index] => entries[index];

    /// <summary>The value under a name, or under another spelling of it (<see cref="AttributeNames"/>); null where there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var canonical = AttributeNames.Canonical(name);
            foreach (var entry in entries)
                if (AttributeNames.Canonical(entry.Name) == canonical)
                    return entry.Value;
            return null;
        }
    }

    /// <summary>A list of these entries.</summary>
    /// <exception cref="BadInputException">A name is empty or occurs twice, be it in another spelling.</exception>
    public static AttributeList From(ReadOnlySpan<OperatingCondition> entries)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            if (string.IsNullOrWhiteSpace(name)) throw new BadInputException($"attribute '={value}' has no name: write NAME=VALUE");
            if (!names.TryAdd(AttributeNames.Canonical(name), value))
                throw new BadInputException($"attribute '{name}' is given twice ('{names[AttributeNames.Canonical(name)]}' and '{value}'): give it once");
        }

        return entries.IsEmpty ? Empty : new AttributeList(entries.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(AttributeList? other) => other is not null && entries.AsSpan().SequenceEqual(other.entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttributeList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in entries) hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<OperatingCondition> GetEnumerator() => ((IEnumerable<OperatingCondition>)entries).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();
}

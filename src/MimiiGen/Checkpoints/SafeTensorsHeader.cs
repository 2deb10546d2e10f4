using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace MimiiGen.Checkpoints;

/// <summary>
/// What the header of a safetensors file says, checked: the tensors cover the data without hole, overlap or remainder, and nothing is
/// allocated before that is known. Verdicts are those of the reference package, also where it is lenient: white space around the JSON,
/// unknown keys of an entry, and a name that occurs twice, of which the last entry counts.
/// </summary>
internal sealed class SafeTensorsHeader
{
    private const long LargestHeader = 100_000_000;

    private readonly string path;

    private SafeTensorsHeader(string path) => this.path = path;

    /// <summary>One tensor: its type, shape, and place in the data (bytes).</summary>
    public sealed record Entry(string Name, ElementType Type, long[] Shape, long Begin, long End);

    public IReadOnlyCollection<Entry> Entries { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Position in the file of the first byte of data.</summary>
    public long DataStart { get; private set; }

    public static SafeTensorsHeader Read(Stream stream, string path)
    {
        var header = new SafeTensorsHeader(path);
        using var json = header.Parse(stream);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__") header.Metadata = header.ParseMetadata(property.Value);
            else entries[property.Name] = header.ParseEntry(property);
        }

        header.Entries = entries.Values;
        header.CheckCover(stream.Length - header.DataStart);
        return header;
    }

    private JsonDocument Parse(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8) throw Refuse($"{stream.Length} bytes are too few for a safetensors file");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader) throw Refuse($"a header of {length} bytes is beyond the format's limit of {LargestHeader}");
        if (length > (ulong)(stream.Length - 8)) throw Refuse($"the header of {length} bytes ends behind the file");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        DataStart = 8 + (long)length;
        if (!Utf8.IsValid(bytes)) throw Refuse("the header is not UTF-8");
        try
        {
            var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            throw Refuse("the header is no JSON object");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: the header is no valid JSON: {e.Message}", e);
        }
    }

    private Dictionary<string, string> ParseMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind == JsonValueKind.Null) return [];
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
            throw Refuse("__metadata__ holds something else than text");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in metadata.EnumerateObject()) texts[text.Name] = text.Value.GetString()!;
        return texts;
    }

    private Entry ParseEntry(JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        if (value.ValueKind != JsonValueKind.Object) throw Refuse($"tensor '{name}' is no object");
        var type = value.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String
            ? Array.Find(ElementType.All, t => t.SafeTensorsName == dtype.GetString())
            : null;
        if (type is null) throw Refuse($"tensor '{name}' has no dtype that is known");
        var shape = Integers(name, value, "shape");
        var offsets = Integers(name, value, "data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1]) throw Refuse($"tensor '{name}' needs two ascending data_offsets");
        Int128 bytes = type.Size;
        foreach (var length in shape)
        {
            bytes *= length;
            if (bytes > long.MaxValue) throw Refuse($"tensor '{name}' is larger than any file");
        }

        if (bytes != offsets[1] - offsets[0])
            throw Refuse($"tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type.SafeTensorsName} needs {bytes} bytes, data_offsets span {offsets[1] - offsets[0]}");
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private long[] Integers(string name, JsonElement entry, string key)
    {
        if (!entry.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array) throw Refuse($"tensor '{name}' has no {key}");
        return [.. list.EnumerateArray().Select(v =>
            v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var number) && number >= 0
                ? number
                : throw Refuse($"tensor '{name}': {key} holds '{v}', which is no size"))];
    }

    private void CheckCover(long present)
    {
        long position = 0;
        foreach (var entry in Entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != position) throw Refuse($"tensor '{entry.Name}' begins at byte {entry.Begin}, expected {position} (overlap or hole)");
            position = entry.End;
        }

        if (present != position) throw Refuse($"the header describes {position} bytes of data, the file holds {present} (truncated or padded)");
    }

    private BadInputException Refuse(string reason) => new($"{path}: {reason}");
}

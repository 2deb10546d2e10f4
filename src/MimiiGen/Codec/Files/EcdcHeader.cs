using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace MimiiGen.Codec.Files;

/// <summary>
/// The beginning of an <c>.ecdc</c> file, as the encodec package writes it: <c>ECDC</c>, a version byte, the length of the JSON as 4 big-endian bytes, the JSON.
/// </summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Samples">Samples a channel.</param>
/// <param name="Codebooks">Codebooks of each frame.</param>
internal sealed record EcdcHeader(string Model, long Samples, int Codebooks)
{
    private const int FixedPart = 9;
    private const byte Version = 0;

    public void Write(Stream stream)
    {
        // the package's own order and spaces, so that the bytes are the same
        var json = System.Text.Encoding.UTF8.GetBytes($$"""{"m": {{JsonSerializer.Serialize(Model)}}, "al": {{Samples}}, "nc": {{Codebooks}}, "lm": false}""");
        Span<byte> start = stackalloc byte[FixedPart];
        "ECDC"u8.CopyTo(start);
        start[4] = Version;
        BinaryPrimitives.WriteInt32BigEndian(start[5..], json.Length);
        stream.Write(start);
        stream.Write(json);
    }

    /// <summary>Reads up to the first segment; nothing is allocated that the file isn't long enough for.</summary>
    /// <exception cref="BadInputException">No <c>.ecdc</c> file, or not of a kind that can be decoded.</exception>
    public static EcdcHeader Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[FixedPart];
        var read = stream.ReadAtLeast(start, FixedPart, throwOnEndOfStream: false);
        if (!start[..Math.Min(read, 4)].SequenceEqual("ECDC"u8[..Math.Min(read, 4)]) || read < 4) throw Refuse("no .ecdc file: it doesn't begin with ECDC");
        if (read < FixedPart) throw Refuse($"cut off: {read} bytes, not even a header");
        if (start[4] != Version) throw Refuse($".ecdc of version {start[4]}; only version {Version} can be read");
        var length = BinaryPrimitives.ReadUInt32BigEndian(start[5..]);
        if (length > stream.Length - FixedPart) throw Refuse($"cut off or damaged: a header of {length} bytes in a file of {stream.Length}");
        var json = new byte[length];
        stream.ReadExactly(json);
        if (!Utf8.IsValid(json)) throw Refuse("damaged: its header is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement, path);
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: damaged: its header is no JSON", e);
        }

        BadInputException Refuse(string what) => new($"{path}: {what}");
    }

    private static EcdcHeader Parse(JsonElement header, string path)
    {
        if (header.ValueKind != JsonValueKind.Object) throw Refuse("its header is no JSON object");
        var model = Value("m", JsonValueKind.String).GetString()!;
        if (!Value("al", JsonValueKind.Number).TryGetInt64(out var samples) || samples < 1) throw Refuse($"\"al\" {header.GetProperty("al").GetRawText()} is no number of samples; at least 1 is needed");
        if (!Value("nc", JsonValueKind.Number).TryGetInt32(out var codebooks) || codebooks < 1) throw Refuse($"\"nc\" {header.GetProperty("nc").GetRawText()} is no number of codebooks; at least 1 is needed");
        if (Value("lm", JsonValueKind.True, JsonValueKind.False).GetBoolean())
            throw Refuse("written with the language model (lm true), which is not supported; write it again without");
        return new EcdcHeader(model, samples, codebooks);

        JsonElement Value(string key, params JsonValueKind[] kinds)
        {
            if (!header.TryGetProperty(key, out var value)) throw Refuse($"its header lacks \"{key}\"");
            return kinds.Contains(value.ValueKind) ? value : throw Refuse($"\"{key}\" is {value.GetRawText()} in its header");
        }

        BadInputException Refuse(string what) => new($"{path}: {what}");
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>
/// The format before PyTorch 1.6: five pickles in a row (magic number, protocol, system, the object, the keys of its storages), then for each
/// key an int64 element count and the raw data.
/// </summary>
internal sealed class PyTorchLegacy : PyTorchArchive
{
    private static readonly BigInteger Magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly Stream stream;
    private readonly Dictionary<string, long> starts = new(StringComparer.Ordinal);

    public PyTorchLegacy(Stream stream, string path, bool numbers)
    {
        this.stream = stream;
        var calls = new PickledCalls(path, numbers);
        if (Next(calls) is not BigInteger magic || magic != Magic) throw calls.Refuse("is a pickle, but not one of torch.save");
        if (Next(calls) is not 1001L) throw calls.Refuse("is of a version of torch.save that isn't known");
        if (Next(calls) is not PickledDict system || system["little_endian"] is not true)
            throw calls.Refuse("was written on a big-endian machine in the old format; save it again with PyTorch 1.6 or later");
        Root = Next(calls);
        if (Next(calls) is not List<object?> keys) throw calls.Refuse("holds no list of its storages");
        foreach (var key in keys) Place(key as string ?? "", calls);
        if (calls.AllStorages.Keys.FirstOrDefault(k => !starts.ContainsKey(k)) is { } absent) throw calls.Refuse($"storage '{absent}' is missing");
    }

    public override Tensor Load(PickledStorage storage, ElementType type)
    {
        stream.Position = starts[storage.Key];
        return type.Read(stream, storage.Bytes / type.Size);
    }

    public override void Dispose() => stream.Dispose();

    private object? Next(PickledCalls calls) => new PickleReader(stream, calls).Read();

    /// <summary>Notes where a storage begins, and checks that the file reaches to its end.</summary>
    private void Place(string key, PickledCalls calls)
    {
        if (!calls.AllStorages.TryGetValue(key, out var storage)) throw calls.Refuse($"lists a storage '{key}' that no tensor is a view of");
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length - stream.Position < prefix.Length) throw calls.Refuse($"ends before storage '{key}' (truncated file)");
        stream.ReadExactly(prefix);
        var count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (count != storage.Bytes / (storage.Type?.Size ?? 1)) throw calls.Refuse($"storage '{key}' holds {count} elements, its tensors say otherwise");
        if (stream.Length - stream.Position < storage.Bytes) throw calls.Refuse($"ends within storage '{key}' (truncated file)");
        starts[key] = stream.Position;
        stream.Position += storage.Bytes;
    }
}

using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>The zip format (PyTorch 1.6 and later): PREFIX/data.pkl, PREFIX/byteorder, and one record PREFIX/data/KEY for each storage.</summary>
internal sealed class PyTorchZip : PyTorchArchive
{
    // deflate can't shrink further: a record that claims more would be a bomb
    private const long LargestRatio = 1032;

    private readonly string path;
    private readonly ZipArchive zip;
    private readonly string prefix;
    private readonly bool bigEndian;

    public PyTorchZip(Stream stream, string path, bool numbers)
    {
        this.path = path;
        try
        {
            zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var pickle = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)) ?? throw Refuse("holds no record data.pkl");
            prefix = pickle.FullName[..^"data.pkl".Length];
            bigEndian = zip.GetEntry(prefix + "byteorder") is { } order && Encoding.UTF8.GetString(Bytes(order)) switch
            {
                "little" => false,
                "big" => true,
                var other => throw Refuse($"byteorder is '{other}', neither little nor big"),
            };
            Root = new PickleReader(new MemoryStream(Bytes(pickle)), new PickledCalls(path, numbers)).Read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new BadInputException($"{path}: the zip archive is broken or cut ({e.Message}); fetch the file again", e);
        }
    }

    public override Tensor Load(PickledStorage storage, ElementType type)
    {
        var record = zip.GetEntry($"{prefix}data/{storage.Key}") ?? throw Refuse($"storage '{storage.Key}' is missing");
        if (record.Length != storage.Bytes) throw Refuse($"storage '{storage.Key}' holds {record.Length} bytes where {storage.Bytes} are needed");
        try
        {
            using var bytes = Open(record);
            return type.Read(bytes, storage.Bytes / type.Size, bigEndian);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new BadInputException($"{path}: storage '{storage.Key}' is broken ({e.Message}); fetch the file again", e);
        }
    }

    public override void Dispose() => zip.Dispose();

    private byte[] Bytes(ZipArchiveEntry record)
    {
        using var stream = Open(record);
        var bytes = new byte[record.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private Stream Open(ZipArchiveEntry record) =>
        record.Length <= (record.CompressedLength + 1) * LargestRatio
            ? record.Open()
            : throw Refuse($"record {record.FullName} claims to unpack from {record.CompressedLength} to {record.Length} bytes");

    private BadInputException Refuse(string reason) => new($"{path}: {reason}");
}

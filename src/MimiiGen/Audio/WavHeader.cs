using System.Buffers.Binary;
using System.Text;

namespace MimiiGen.Audio;

/// <summary>
/// Walks the chunks of a RIFF, RF64 or BW64 file up to its data (Microsoft's "Multimedia Programming Interface", EBU Tech 3306,
/// ITU-R BS.2088). Sizes are believed only as far as the file reaches, and all positions are 64-bit, so that none wraps round.
/// </summary>
internal sealed class WavHeader
{
    private const uint UnknownSize = 0xFFFFFFFF;

    private readonly Stream stream;
    private readonly string path;
    private long? longDataSize;

    private WavHeader(Stream stream, string path)
    {
        this.stream = stream;
        this.path = path;
    }

    public WavFormat Format { get; private set; } = null!;

    /// <summary>Position in the file of the first sample.</summary>
    public long DataStart { get; private set; }

    public long Frames { get; private set; }

    public bool Truncated { get; private set; }

    public static WavHeader Read(Stream stream, string path)
    {
        var header = new WavHeader(stream, path);
        header.WalkChunks();
        return header;
    }

    private void WalkChunks()
    {
        var riff = Bytes(0, 12, "is too short to be a WAV file");
        var form = Name(riff);
        if (form == "RIFX") throw Refuse("is a big-endian RIFX file; convert it to RIFF");
        if (form is not ("RIFF" or "RF64" or "BW64") || Name(riff[8..]) != "WAVE") throw Refuse("is not a WAV file (no RIFF/WAVE header); convert it to WAV");
        var riffSize = Unsigned(riff[4..]);
        for (long position = 12; position + 8 <= stream.Length;)
        {
            var chunk = Bytes(position, 8, "ends within a chunk header");
            var size = Unsigned(chunk[4..]);
            var body = position + 8;
            switch (Name(chunk))
            {
                case "ds64" when form != "RIFF":
                    longDataSize = BinaryPrimitives.ReadInt64LittleEndian(Bytes(body, 28, "has a ds64 chunk that is too short")[8..]);
                    break;
                case "fmt ":
                    if (Format is not null) throw Refuse("has two fmt chunks");
                    if (size > int.MaxValue || size < 16) throw Refuse($"has a fmt chunk of {size} bytes, at least 16 are needed");
                    Format = WavFormat.Parse(Bytes(body, (int)Math.Min(size, 40), "ends within its fmt chunk"), path);
                    break;
                case "data":
                    if (Format is null) throw Refuse("has no fmt chunk before its data");
                    EnterData(body, size, form, riffSize);
                    return;
            }

            position = body + size + (size & 1); // chunks are padded to an even length
        }

        throw Refuse("has no data chunk");
    }

    private void EnterData(long start, uint size, string form, uint riffSize)
    {
        var present = stream.Length - start;
        long declared = size;
        if (size == UnknownSize && form != "RIFF")
            declared = longDataSize ?? throw Refuse($"is a {form} file without its ds64 chunk of sizes");
        else if (size == UnknownSize || (size == 0 && riffSize == 0))
            declared = present; // a program wrote to a pipe and never came back to fill in the sizes
        if (declared < 0) throw Refuse("has a negative data size in its ds64 chunk");
        var usable = Math.Min(declared, present);
        DataStart = start;
        Frames = usable / Format.BlockAlign;
        Truncated = declared > present || usable % Format.BlockAlign != 0;
        if (usable > 0 && Frames == 0) throw Refuse($"holds {usable} bytes of data, less than one frame of {Format.BlockAlign}");
    }

    private ReadOnlySpan<byte> Bytes(long position, int count, string otherwise)
    {
        var bytes = new byte[count];
        stream.Position = position;
        if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) < count) throw Refuse(otherwise);
        return bytes;
    }

    private static string Name(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes[..4]);

    private static uint Unsigned(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private BadInputException Refuse(string what) => new($"{path} {what}");
}

using System.Buffers.Binary;

namespace MimiiGen.Audio;

/// <summary>The fmt chunk of a WAV file, with every field checked against the others.</summary>
internal sealed record WavFormat(WavCodec Codec, int Channels, int SampleRate, int Bits)
{
    public const ushort PcmTag = 1;
    public const ushort FloatTag = 3;
    public const ushort ExtensibleTag = 0xFFFE;

    /// <summary>The last 14 bytes of a KSDATAFORMAT_SUBTYPE GUID; the first two are the codec's tag.</summary>
    public static readonly byte[] SubFormatTail = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    private static readonly Dictionary<ushort, string> Undecoded = new()
    {
        [0x0002] = "Microsoft ADPCM",
        [0x0011] = "IMA ADPCM",
        [0x0031] = "GSM 6.10",
        [0x0050] = "MPEG",
        [0x0055] = "MP3",
    };

    public int BytesPerSample => Bits / 8;

    /// <summary>Bytes of a frame: one sample of every channel.</summary>
    public int BlockAlign => Channels * BytesPerSample;

    public static WavFormat Parse(ReadOnlySpan<byte> fmt, string path)
    {
        var tag = Word(fmt);
        var channels = Word(fmt[2..]);
        var sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(fmt[4..]);
        var blockAlign = Word(fmt[12..]);
        var bits = Word(fmt[14..]);
        if (tag == ExtensibleTag)
        {
            if (fmt.Length < 40) throw new BadInputException($"{path} is of the extensible format, but its fmt chunk has {fmt.Length} bytes instead of 40");
            if (!fmt[26..40].SequenceEqual(SubFormatTail)) throw new BadInputException($"{path} has an unknown sub-format GUID; convert it to PCM");
            tag = Word(fmt[24..]);
        }

        var codec = tag switch
        {
            PcmTag => WavCodec.Pcm,
            FloatTag => WavCodec.Float,
            6 => WavCodec.ALaw,
            7 => WavCodec.MuLaw,
            _ => throw new BadInputException($"{path} has the codec {Undecoded.GetValueOrDefault(tag, $"0x{tag:X4}")}, which is not decoded; convert it to PCM"),
        };
        var sizes = codec switch
        {
            WavCodec.Pcm => "8, 16, 24 or 32",
            WavCodec.Float => "32 or 64",
            _ => "8",
        };
        if (!sizes.Split(", ").SelectMany(s => s.Split(" or ")).Contains($"{bits}"))
            throw new BadInputException($"{path} has {codec} samples of {bits} bits; {sizes} can be read");
        if (channels == 0) throw new BadInputException($"{path} has 0 channels");
        if (sampleRate is 0 or > int.MaxValue) throw new BadInputException($"{path} has a sample rate of {sampleRate} Hz");
        if (blockAlign != channels * bits / 8)
            throw new BadInputException($"{path} has a block align of {blockAlign}, but {channels} channels of {bits} bits make {channels * bits / 8}");
        return new WavFormat(codec, channels, (int)sampleRate, bits);
    }

    private static ushort Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

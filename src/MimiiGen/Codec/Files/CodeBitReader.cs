namespace MimiiGen.Codec.Files;

/// <summary>Reads what <see cref="CodeBitWriter"/> wrote.</summary>
internal sealed class CodeBitReader(Stream stream, int width)
{
    private ulong pending;
    private int count;

    /// <exception cref="EndOfStreamException">The stream ends before the code does.</exception>
    public long Read()
    {
        for (; count < width; count += 8)
        {
            var next = stream.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            pending |= (ulong)next << count;
        }

        var code = (long)(pending & ((1UL << width) - 1));
        pending >>= width;
        count -= width;
        return code;
    }

    /// <summary>Passes over the rest of a segment's last byte.</summary>
    public void End() => (pending, count) = (0, 0);
}

namespace MimiiGen.Codec.Files;

/// <summary>Writes codes of a fixed width as a little-endian stream of bits, the lowest bit of a code first.</summary>
internal sealed class CodeBitWriter(Stream stream, int width)
{
    private ulong pending;
    private int count;

    public void Write(long code)
    {
        pending |= (ulong)code << count;
        for (count += width; count >= 8; count -= 8)
        {
            stream.WriteByte((byte)pending);
            pending >>= 8;
        }
    }

    /// <summary>Fills the last byte of a segment with zeros.</summary>
    public void End()
    {
        if (count > 0) stream.WriteByte((byte)pending);
        (pending, count) = (0, 0);
    }
}

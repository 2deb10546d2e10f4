using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>A type of numbers as checkpoints store them, and how they lie in memory here.</summary>
/// <param name="SafeTensorsName">Its name in a safetensors header.</param>
/// <param name="TorchName">Its name as a PyTorch dtype.</param>
/// <param name="Size">Bytes of an element in the file.</param>
/// <param name="Raw">A type of the same size that takes the bytes as they are.</param>
/// <param name="Widen">Makes the numbers of the raw bytes where TorchSharp has no such type; null where <paramref name="Raw"/> is the type.</param>
internal sealed record ElementType(string SafeTensorsName, string TorchName, int Size, ScalarType Raw, Func<Tensor, Tensor>? Widen = null)
{
    public static readonly ElementType[] All =
    [
        new("F64", "float64", 8, ScalarType.Float64),
        new("F32", "float32", 4, ScalarType.Float32),
        new("F16", "float16", 2, ScalarType.Float16),
        new("BF16", "bfloat16", 2, ScalarType.BFloat16),
        new("F8_E4M3", "float8_e4m3fn", 1, ScalarType.Byte, raw => Looked(raw, E4M3)),
        new("F8_E5M2", "float8_e5m2", 1, ScalarType.Byte, raw => Looked(raw, code => (float)BitConverter.UInt16BitsToHalf((ushort)(code << 8)))),
        new("I64", "int64", 8, ScalarType.Int64),
        new("I32", "int32", 4, ScalarType.Int32),
        new("I16", "int16", 2, ScalarType.Int16),
        new("I8", "int8", 1, ScalarType.Int8),
        // the bits: TorchSharp has nothing wider
        new("U64", "uint64", 8, ScalarType.Int64, raw => raw.alias()),
        new("U32", "uint32", 4, ScalarType.Int32, raw => raw.to(ScalarType.Int64).bitwise_and(uint.MaxValue)),
        new("U16", "uint16", 2, ScalarType.Int16, raw => raw.to(ScalarType.Int32).bitwise_and(ushort.MaxValue)),
        new("U8", "uint8", 1, ScalarType.Byte),
        // a byte that is neither 0 nor 1 is true, and must not lie in a bool
        new("BOOL", "bool", 1, ScalarType.Byte, raw => raw.ne(0)),
        new("C64", "complex64", 8, ScalarType.ComplexFloat32),
        new("C128", "complex128", 16, ScalarType.ComplexFloat64),
    ];

    /// <summary>Bytes of one number: half an element where that is complex.</summary>
    public int NumberSize => Raw is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 ? Size / 2 : Size;

    /// <summary>The next <paramref name="count"/> elements of a stream, in order (count).</summary>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public Tensor Read(Stream stream, long count, bool bigEndian = false)
    {
        using var scope = NewDisposeScope();
        var raw = empty(count, dtype: Raw);
        var step = (1 << 28) / Size; // spans are counted in 32 bits
        for (long at = 0; at < count; at += step)
        {
            using var piece = raw.narrow(0, at, Math.Min(step, count - at)); // (step)
            var bytes = piece.bytes;
            stream.ReadExactly(bytes);
            for (var i = 0; bigEndian && i < bytes.Length; i += NumberSize) bytes.Slice(i, NumberSize).Reverse();
        }

        return (Widen is null ? raw : Widen(raw)).MoveToOuterDisposeScope();
    }

    /// <summary>Each code replaced by its value, from a table of all 256.</summary>
    private static Tensor Looked(Tensor codes, Func<int, float> value) =>
        tensor(Enumerable.Range(0, 256).Select(value).ToArray()).index_select(0, codes.to(ScalarType.Int64));

    /// <summary>Sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinity, and only S.1111.111 is NaN (arXiv 2209.05433).</summary>
    private static float E4M3(int code)
    {
        var (exponent, mantissa) = ((code >> 3) & 15, code & 7);
        if ((code & 127) == 127) return float.NaN;
        var size = exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(8 + mantissa, exponent - 10);
        return code < 128 ? size : -size;
    }
}

using System.Text;

namespace MimiiGen.Tests.Detection;

/// <summary>The few fields of ONNX's protocol buffers that one node on one float input takes.</summary>
internal static class OnnxFile
{
    /// <param name="path">Where to write.</param>
    /// <param name="operation">Of one input, such as Relu.</param>
    /// <param name="dimensions">Of the input; below 0 for any.</param>
    /// <param name="elementType">1 for float32, 7 for int64.</param>
    public static void Write(string path, string operation, int[] dimensions, int elementType = 1)
    {
        Write(path, [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, operation)], Bytes(11, Value("x", dimensions, elementType)), elementType);
    }

    /// <summary>A model without inputs: three random numbers.</summary>
    public static void WriteWithoutInput(string path)
    {
        byte[] shape = [.. Text(1, "shape"), .. Number(8, 3), .. Number(20, 7)];
        Write(path, [.. Text(2, "y"), .. Text(4, "RandomNormal"), .. Bytes(5, shape)], [], 1);
    }

    /// <summary>A model whose input is a sequence of tensors.</summary>
    public static void WriteOfSequence(string path)
    {
        byte[] sequence = [.. Text(1, "x"), .. Bytes(2, Bytes(4, Bytes(1, Bytes(1, Number(1, 1)))))];
        Write(path, [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, "SequenceLength")], Bytes(11, sequence), 7);
    }

    private static void Write(string path, byte[] node, byte[] inputs, int outputType)
    {
        byte[] graph = [.. Bytes(1, node), .. Text(2, "g"), .. inputs, .. Bytes(12, Value("y", null, outputType))];
        File.WriteAllBytes(path, [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, [.. Text(1, ""), .. Number(2, 13)])]);
    }

    private static byte[] Value(string name, int[]? dimensions, int elementType)
    {
        byte[] shape = [.. (dimensions ?? []).SelectMany(d => Bytes(1, d < 0 ? Text(2, "any" + d) : Number(1, d)))];
        byte[] tensor = [.. Number(1, elementType), .. dimensions is null ? [] : Bytes(2, shape)];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, tensor))];
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) => [.. Varint((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)((value & 0x7F) | 0x80));
        return [.. bytes, (byte)value];
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MimiiGen.Checkpoints;

/// <summary>
/// Reads a Python pickle (protocols 2 to 5, PEP 307, 3154, 574) as data. A pickle is a program for a stack machine that may call anything;
/// this machine calls nothing: the few names that weights need are carried out by <see cref="PickledCalls"/>, every other is refused by name.
/// </summary>
internal sealed class PickleReader
{
    private const int LongestName = 500;
    private const int LongestWhole = 1000; // bytes

    private readonly Stream stream;
    private readonly PickledCalls calls;
    private readonly Stack<List<object?>> outer = new();
    private readonly Dictionary<long, object?> memo = [];
    private List<object?> stack = [];

    /// <param name="stream">At the first byte of the pickle; after <see cref="Read"/> just behind its last.</param>
    /// <param name="calls">Carries out what may be carried out.</param>
    public PickleReader(Stream stream, PickledCalls calls)
    {
        this.stream = stream;
        this.calls = calls;
    }

    /// <summary>The value: null, bool, long, BigInteger, double, string, byte[], List, object[] for a tuple, or one of the Pickled types.</summary>
    /// <exception cref="BadInputException">The pickle is broken, or asks for something that weights don't need.</exception>
    public object? Read()
    {
        while (true)
        {
            var at = stream.Position;
            var opcode = Byte();
            if (opcode == '.') return Pop();
            if (!Constant(opcode) && !Container(opcode) && !Memory(opcode) && !Call(opcode))
                throw calls.Refuse($"opcode 0x{opcode:x2} at byte {at} is no part of a file of weights");
        }
    }

    private bool Constant(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Byte(); return true; // PROTO
            case 0x95: Bytes(8); return true; // FRAME: only a hint for buffers
            case (byte)'N': return Push(null);
            case 0x88: return Push(true);
            case 0x89: return Push(false);
            case (byte)'K': return Push((long)Byte());
            case (byte)'M': return Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
            case (byte)'J': return Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
            case 0x8a: return PushWhole(Bytes(Byte())); // LONG1
            case 0x8b: return PushWhole(Bytes(Length(4))); // LONG4
            case (byte)'G': return Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
            case (byte)'X': return Push(Text(Length(4))); // BINUNICODE
            case 0x8c: return Push(Text(Byte())); // SHORT_BINUNICODE
            case 0x8d: return Push(Text(Length(8))); // BINUNICODE8
            case (byte)'T': return Push(Text(Length(4))); // BINSTRING: text of Python 2
            case (byte)'U': return Push(Text(Byte())); // SHORT_BINSTRING
            case (byte)'B': return Push(Bytes(Length(4))); // BINBYTES
            case (byte)'C': return Push(Bytes(Byte())); // SHORT_BINBYTES
            case 0x8e: return Push(Bytes(Length(8))); // BINBYTES8
            default: return false;
        }
    }

    private bool Container(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(':
                outer.Push(stack);
                stack = [];
                return true;
            case (byte)')': return Push(Array.Empty<object?>());
            case 0x85: return Tuple(1);
            case 0x86: return Tuple(2);
            case 0x87: return Tuple(3);
            case (byte)'t': return Push(Marked().ToArray());
            case (byte)']': return Push(new List<object?>());
            case (byte)'l': return Push(Marked());
            case (byte)'a': return AddTo([Pop()], Top<List<object?>>());
            case (byte)'e':
                var added = Marked();
                return AddTo(added, Top<List<object?>>());
            case 0x8f: return Push(new PickledSet([]));
            case 0x90:
                var members = Marked();
                return AddTo(members, Top<PickledSet>().Items);
            case (byte)'}': return Push(new PickledDict(ordered: false));
            case (byte)'s':
                var (value, key) = (Pop(), Pop());
                return SetIn(Top<PickledDict>(), [key, value]);
            case (byte)'u':
                var pairs = Marked();
                return SetIn(Top<PickledDict>(), pairs);
            case (byte)'d':
                var items = Marked();
                Push(new PickledDict(ordered: false));
                return SetIn(Top<PickledDict>(), items);
            default: return false;
        }
    }

    private bool Memory(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'0': Pop(); return true;
            case (byte)'1': Marked(); return true;
            case (byte)'q': return Keep(Byte());
            case (byte)'r': return Keep(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
            case 0x94: return Keep(memo.Count); // MEMOIZE
            case (byte)'h': return Push(Kept(Byte()));
            case (byte)'j': return Push(Kept(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
            default: return false;
        }
    }

    private bool Call(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c': return Push(calls.Global(Line(), Line()));
            case 0x93: // STACK_GLOBAL
                var name = Pop<string>();
                return Push(calls.Global(Pop<string>(), name));
            case (byte)'R':
                var arguments = Pop<object?[]>();
                return Push(calls.Reduce(Pop<PickledGlobal>(), arguments));
            case (byte)'b': // BUILD: a module's state dict carries its _metadata so, and numpy its numbers; neither is needed
                Pop();
                return Top<object>() is PickledDict or PickledNumbers ? true : throw Broken();
            case (byte)'Q': return Push(calls.Storage(Pop<object?[]>()));
            default: return false;
        }
    }

    private bool Push(object? value)
    {
        stack.Add(value);
        return true;
    }

    private object? Pop()
    {
        if (stack.Count == 0) throw Broken();
        var value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private T Pop<T>() => Pop() is T value ? value : throw Broken();

    private T Top<T>() => stack.Count > 0 && stack[^1] is T value ? value : throw Broken();

    /// <summary>All values since the last mark, which is taken away.</summary>
    private List<object?> Marked()
    {
        var values = stack;
        stack = outer.TryPop(out var below) ? below : throw Broken();
        return values;
    }

    private bool Tuple(int count)
    {
        if (stack.Count < count) throw Broken();
        var values = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return Push(values);
    }

    private static bool AddTo(List<object?> values, List<object?> list)
    {
        list.AddRange(values);
        return true;
    }

    private bool SetIn(PickledDict dict, List<object?> pairs)
    {
        if (pairs.Count % 2 != 0) throw Broken();
        for (var i = 0; i < pairs.Count; i += 2) dict.Items.Add(new(pairs[i], pairs[i + 1]));
        return true;
    }

    private bool Keep(long index)
    {
        memo[index] = Top<object?>();
        return true;
    }

    private object? Kept(long index) => memo.TryGetValue(index, out var value) ? value : throw Broken();

    private byte Byte()
    {
        var value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw calls.Refuse("the pickle ends early (truncated file)");
    }

    private byte[] Bytes(long count)
    {
        if (count > stream.Length - stream.Position) throw calls.Refuse("the pickle ends early (truncated file)");
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private long Length(int width)
    {
        var length = width == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)) : BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));
        return length >= 0 ? length : throw Broken();
    }

    private string Text(long count) => Encoding.UTF8.GetString(Bytes(count));

    private bool PushWhole(byte[] littleEndian)
    {
        if (littleEndian.Length > LongestWhole) throw Broken();
        var number = new BigInteger(littleEndian);
        return number >= long.MinValue && number <= long.MaxValue ? Push((long)number) : Push(number);
    }

    private string Line()
    {
        var line = new StringBuilder();
        for (var c = Byte(); c != '\n'; c = Byte())
            if (line.Append((char)c).Length > LongestName)
                throw Broken();
        return line.ToString();
    }

    private BadInputException Broken() => calls.Refuse($"the pickle is broken before byte {stream.Position}");
}

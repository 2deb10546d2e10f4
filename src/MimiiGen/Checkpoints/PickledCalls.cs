using System.Text;

namespace MimiiGen.Checkpoints;

/// <summary>The names that a file of weights may refer to, and what each makes of its arguments. Nothing else is ever made.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="numbers">Whether numbers and arrays of numpy may lie beside the weights; of these nothing is kept.</param>
internal sealed class PickledCalls(string path, bool numbers = false)
{
    private static readonly Dictionary<string, ElementType> Storages = new Dictionary<string, string>
    {
        ["DoubleStorage"] = "float64",
        ["FloatStorage"] = "float32",
        ["HalfStorage"] = "float16",
        ["BFloat16Storage"] = "bfloat16",
        ["LongStorage"] = "int64",
        ["IntStorage"] = "int32",
        ["ShortStorage"] = "int16",
        ["CharStorage"] = "int8",
        ["ByteStorage"] = "uint8",
        ["BoolStorage"] = "bool",
        ["ComplexFloatStorage"] = "complex64",
        ["ComplexDoubleStorage"] = "complex128",
    }.ToDictionary(p => p.Key, p => Array.Find(ElementType.All, t => t.TorchName == p.Value)!);

    private readonly Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);

    /// <summary>All storages that tensors refer to, by their keys.</summary>
    public IReadOnlyDictionary<string, PickledStorage> AllStorages => storages;

    public BadInputException Refuse(string reason) => new($"{path}: {reason}");

    /// <summary>A number type itself, or a name that <see cref="Reduce"/> or <see cref="Storage"/> knows.</summary>
    public object Global(string module, string name)
    {
        if (module == "torch" && Array.Find(ElementType.All, t => t.TorchName == name) is { } type) return type;
        return (module, name) switch
        {
            ("collections", "OrderedDict") or ("__builtin__" or "builtins", "set") or ("_codecs", "encode") => new PickledGlobal(module, name),
            ("torch", "Size" or "device") or ("torch.storage", "UntypedStorage") => new PickledGlobal(module, name),
            ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor_v3" or "_rebuild_parameter") => new PickledGlobal(module, name),
            ("numpy", "ndarray" or "dtype") or ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct" or "scalar") when numbers => new PickledGlobal(module, name),
            ("torch", _) when Storages.ContainsKey(name) => new PickledGlobal(module, name),
            _ => throw Refuse($"asks for {module}.{name}, which weights don't need; nothing was run: get a safetensors file, or save the state dict alone"),
        };
    }

    /// <summary>What Python would get from calling the name with these arguments.</summary>
    public object? Reduce(PickledGlobal callee, object?[] arguments) => (callee.Name, arguments) switch
    {
        ("OrderedDict", []) => new PickledDict(ordered: true),
        ("OrderedDict", [List<object?> pairs]) => Ordered(pairs),
        ("set", [List<object?> members]) => new PickledSet(members),
        ("encode", [string text, "latin1" or "latin-1"]) => Encoding.Latin1.GetBytes(text),
        ("Size", [object?[] lengths]) => new PickledSize(Lengths(lengths)),
        ("device", [string kind]) => new PickledDevice(kind),
        ("device", [string kind, long index]) => new PickledDevice($"{kind}:{index}"),
        ("_rebuild_parameter", [PickledTensor tensor, _, _]) => tensor,
        ("_rebuild_tensor_v2", [PickledStorage { Type: { } type } storage, long offset, var shape, var strides, ..]) =>
            View(storage, type, offset, shape, strides),
        ("_rebuild_tensor_v3", [PickledStorage storage, long offset, var shape, var strides, _, _, ElementType type, ..]) =>
            View(storage, type, offset, shape, strides),
        ("_reconstruct" or "scalar" or "dtype", _) => new PickledNumbers(),
        _ => throw Refuse($"calls {callee.Module}.{callee.Name} with arguments that torch.save doesn't write"),
    };

    /// <summary>The storage of a persistent id: ('storage', type, key, location, element count, and in old files a view, which none has).</summary>
    public PickledStorage Storage(object?[] id)
    {
        if (id is not ["storage", PickledGlobal kind, string key, string, long count, .. var view] || view is not ([] or [null]))
            throw Refuse("refers to something else than a storage");
        var type = Storages.GetValueOrDefault(kind.Name);
        if (type is null && kind.Name != "UntypedStorage") throw Refuse($"refers to a storage of {kind.Module}.{kind.Name}");
        var bytes = (Int128)count * (type?.Size ?? 1);
        if (bytes < 0 || bytes > long.MaxValue) throw Refuse($"storage '{key}' of {count} elements is larger than any file");
        var storage = new PickledStorage(key, type, (long)bytes);
        if (storages.TryGetValue(key, out var known) && known != storage) throw Refuse($"storage '{key}' is described twice and differently");
        return storages[key] = storage;
    }

    private PickledDict Ordered(List<object?> pairs)
    {
        var dict = new PickledDict(ordered: true);
        foreach (var pair in pairs)
            dict.Items.Add(pair switch
            {
                List<object?> { Count: 2 } p => new(p[0], p[1]),
                object?[] { Length: 2 } p => new(p[0], p[1]),
                _ => throw Refuse("holds an OrderedDict that isn't made of pairs"),
            });
        return dict;
    }

    private PickledTensor View(PickledStorage storage, ElementType type, long offset, object? shape, object? strides)
    {
        var (lengths, steps) = (Lengths(shape), Lengths(strides));
        if (offset < 0 || lengths.Length != steps.Length) throw Refuse($"a tensor on storage '{storage.Key}' has {lengths.Length} axes, {steps.Length} strides, offset {offset}");
        Int128 count = 1;
        Int128 last = offset;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            count *= lengths[axis];
            last += (Int128)(lengths[axis] - 1) * steps[axis];
            if (count > long.MaxValue / type.Size || last > long.MaxValue) break;
        }

        if (count > long.MaxValue / type.Size || (count > 0 && (last + 1) * type.Size > storage.Bytes))
            throw Refuse($"a tensor of shape [{string.Join(", ", lengths)}] reaches beyond its storage '{storage.Key}' of {storage.Bytes} bytes");
        return new PickledTensor(storage, type, offset, lengths, steps);
    }

    private long[] Lengths(object? value) => value switch
    {
        PickledSize size => size.Lengths,
        object?[] tuple when tuple.All(v => v is >= 0L) => [.. tuple.Cast<long>()],
        _ => throw Refuse("a shape or stride is no tuple of whole numbers from 0"),
    };
}

namespace MimiiGen.Checkpoints;

/// <summary>A name that a pickle refers to, such as torch._utils _rebuild_tensor_v2. It is only compared, never looked up or called.</summary>
internal sealed record PickledGlobal(string Module, string Name);

/// <summary>A dict or OrderedDict, in its order; keys are mostly texts, and sometimes numbers.</summary>
internal sealed class PickledDict(bool ordered)
{
    public bool Ordered { get; } = ordered;

    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>The value under a text, of which the last entry counts; null where there is none.</summary>
    public object? this[string key] => Items.FindLast(item => item.Key is string text && text == key).Value;
}

/// <summary>A set; here it is only kept.</summary>
internal sealed record PickledSet(List<object?> Items);

/// <summary>A torch.Size, which is a tuple of lengths.</summary>
internal sealed record PickledSize(long[] Lengths);

/// <summary>A torch.device, such as cpu or cuda:0.</summary>
internal sealed record PickledDevice(string Name);

/// <summary>A number, array or type of numpy, of which nothing is kept.</summary>
internal sealed record PickledNumbers;

/// <summary>A block of memory that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Type of its elements; null where only the tensors know it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record PickledStorage(string Key, ElementType? Type, long Bytes);

/// <summary>A view of a storage; offset and strides are counted in elements. It lies within its storage.</summary>
internal sealed record PickledTensor(PickledStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);

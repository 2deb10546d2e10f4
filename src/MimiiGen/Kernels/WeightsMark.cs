using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Tells whether weights are still those that something was prepared from: a hash over at most 64 numbers of each parameter and where it lies.
/// A step of training, or weights read anew, change nearly all numbers.
/// </summary>
internal readonly record struct WeightsMark(ulong Hash)
{
    private const long Samples = 64;

    public static WeightsMark Of(IEnumerable<nn.Module> modules) => Of(modules.SelectMany(m => m.parameters()));

    public static unsafe WeightsMark Of(IEnumerable<Tensor> weights)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var weight in weights)
        {
            if (!weight.is_contiguous() || weight.dtype != ScalarType.Float32 || weight.device_type != DeviceType.CPU) continue;
            var numbers = (uint*)Memory.Of(weight);
            var count = weight.numel();
            Add((ulong)numbers);
            for (var i = 0L; i < Math.Min(Samples, count); i++) Add(numbers[count <= Samples ? i : i * (count - 1) / (Samples - 1)]);
        }

        return new WeightsMark(hash);

        void Add(ulong value) => hash = (hash ^ value) * 0x100000001B3UL;
    }
}

using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Golden;

/// <summary>
/// Weights by formula: values that follow from a tensor's name and flat index alone, so that a reference
/// implementation and ours can be compared at any size without a weights file.
/// </summary>
internal static class Formula
{
    public static float[] Values(string name, params long[] shape)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        var seed = 0xCBF29CE484222325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name)) seed = (seed ^ b) * 0x100000001B3UL;
        var (offset, scale) = Range(name, shape, count);
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            var z = seed + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            var s = (2 * ((z >> 40) / (double)(1 << 24))) - 1;
            values[i] = (float)(offset + (scale * s));
        }

        return values;
    }

    public static Tensor Tensor(string name, params long[] shape) => tensor(Values(name, shape), shape);

    /// <summary>Fills every floating-point entry of a module's state in place, by the names of its own state dict.</summary>
    public static void Fill(nn.Module module, Func<string, bool>? skip = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, value) in module.state_dict())
            if (value.is_floating_point() && skip?.Invoke(name) != true)
                value.copy_(Tensor(name, value.shape));
        module.eval();
    }

    /// <summary>Values are offset + scale * s, s uniform from -1 up to 1.</summary>
    private static (double Offset, double Scale) Range(string name, long[] shape, long count)
    {
        if (Ends("running_var")) return (1, 0.5);
        if (Ends("running_mean") || Ends("bias")) return (0, 0.1);
        if (Ends("weight_g") || Ends("original0")) return (1, 0.1);
        if (shape.Length <= 1) return (Ends("weight") || Ends("gamma") ? 1 : 0, 0.1);
        return (0, Math.Sqrt(3.0 * shape[0] / count));

        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
    }
}

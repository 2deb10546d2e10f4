using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Runtime;

/// <summary>What a plain matrix product reaches on a device: the yardstick that every other speed is held against.</summary>
public static class MatmulSpeed
{
    /// <summary>
    /// Multiplies two square matrices of 32-bit floats over and over and returns the median speed in GFLOP/s
    /// (2 n^3 operations a product).
    /// </summary>
    /// <param name="device">Where to multiply.</param>
    /// <param name="size">Rows and columns, n.</param>
    /// <param name="seconds">How long to go on measuring; three products are timed at the least.</param>
    public static double Gigaflops(Device device, int size = 1024, double seconds = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var chance = new Generator(0);
        var a = rand([size, size], generator: chance).to(device); // (n, n)
        var b = rand([size, size], generator: chance).to(device); // (n, n)
        Multiply(a, b);
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (times.Count < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            var start = Stopwatch.GetTimestamp();
            Multiply(a, b);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return 2.0 * size * size * size / times[times.Count / 2] / 1e9;
    }

    private static void Multiply(Tensor a, Tensor b)
    {
        using var product = a.mm(b); // (n, n)
        if (product.device_type == DeviceType.CPU) return;

        // an accelerator only takes orders; reading one number waits until they are carried out
        using var corner = product[0, 0];
        corner.ToSingle();
    }
}

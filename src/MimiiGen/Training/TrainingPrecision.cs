using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>In what numbers a training computes predictions and gradients. Weights, their average and the optimiser's state are float32 with either.</summary>
public enum TrainingPrecision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with float32's range and 8 bits of precision: half the memory of activations, and faster where the device multiplies them in hardware.</summary>
    BFloat16,
}

/// <summary>Which devices can do what.</summary>
internal static class TrainingPrecisions
{
    /// <exception cref="BadInputException">The device can't compute in it.</exception>
    public static void Require(this TrainingPrecision precision, Device device)
    {
        if (precision == TrainingPrecision.Float32) return;
        try
        {
            using var scope = NewDisposeScope();
            var kernels = ones([8, 8, 3, 3], ScalarType.BFloat16, device, requires_grad: true); // (outputs, inputs, height, width)
            nn.functional.conv2d(ones([1, 8, 8, 8], ScalarType.BFloat16, device), kernels).sum().backward();
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException)
        {
            throw new BadInputException($"precision bfloat16: {device} can't compute in it ({e.Message.Split('\n')[0].Trim()}); train in float32", e);
        }
    }
}

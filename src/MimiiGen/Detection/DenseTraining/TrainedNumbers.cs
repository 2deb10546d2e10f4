using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>Parameters, their gradients and the two moments of Adam (Kingma and Ba 2015), each as one row of numbers; a multiple of sixteen.</summary>
internal sealed unsafe class TrainedNumbers(int count)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly AlignedFloats values = new(count), gradients = new(count), means = new(count), squares = new(count);

    public float* Values => values.Start;

    public float* Gradients => gradients.Start;

    /// <summary>The step from the gradients for parameters <paramref name="from"/> to <paramref name="to"/> (excluded), multiples of sixteen: the arithmetic of PyTorch's Adam.</summary>
    /// <param name="from">First parameter.</param>
    /// <param name="to">First parameter left as it is.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="step">Number of the step, from 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(int from, int to, double learningRate, long step)
    {
        var newInMean = Vector512.Create((float)(1 - Beta1));
        var (oldInSquare, newInSquare) = (Vector512.Create((float)Beta2), Vector512.Create((float)(1 - Beta2)));
        var correction = Vector512.Create((float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))));
        var rate = Vector512.Create((float)(learningRate / (1 - Math.Pow(Beta1, step))));
        var floor = Vector512.Create((float)Epsilon);
        for (var i = from; i < to; i += Vector512<float>.Count)
        {
            var gradient = Vector512.Load(gradients.Start + i);
            var mean = Vector512.Load(means.Start + i);
            mean += newInMean * (gradient - mean);
            var square = (oldInSquare * Vector512.Load(squares.Start + i)) + (newInSquare * gradient * gradient);
            mean.Store(means.Start + i);
            square.Store(squares.Start + i);
            (Vector512.Load(values.Start + i) - (rate * mean / ((Vector512.Sqrt(square) * correction) + floor))).Store(values.Start + i);
        }
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Chance of one training step: a function of the run's seed and the step's number, so that a resumed run draws the same.</summary>
internal sealed class StepChance : IDisposable
{
    private readonly Random random;

    public StepChance(ulong seed, long step)
    {
        // splitmix64's finaliser spreads neighbouring steps over all seeds (Steele, Lea and Flood 2014)
        var z = seed + ((ulong)(step + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        random = new Random((int)(z >> 33));
        Tensors = new Generator(z & long.MaxValue);
    }

    /// <summary>For random tensors.</summary>
    public Generator Tensors { get; }

    /// <summary>An integer from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => random.Next(count);

    /// <summary>A number from <paramref name="low"/> up to <paramref name="high"/>.</summary>
    public double Between(double low, double high) => low + ((high - low) * random.NextDouble());

    public void Dispose() => Tensors.Dispose();
}

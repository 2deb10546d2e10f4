using MimiiGen.Diffusion;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

/// <summary>White noise that follows from a seed, and how far two sounds are apart in a band.</summary>
internal static class MadeNoise
{
    /// <summary>An rms of 0.05.</summary>
    public static float[] Noise(int length, ulong seed)
    {
        using var noise = ClipNoise.Normal(seed, 1, length);
        return [.. noise.data<float>().ToArray().Select(x => 0.05f * x)];
    }

    /// <summary>So many standard normal numbers, the same at each call.</summary>
    public static Func<int, torch.Tensor> Chance(ulong seed) => count => ClipNoise.Normal(seed, 0, count);

    /// <summary>What a clip has between two frequencies.</summary>
    public static float[] Band(float[] samples, int rate, double from, double to)
    {
        using var scope = torch.NewDisposeScope();
        var spectrum = torch.fft.rfft(torch.tensor(samples).to(torch.ScalarType.Float64));
        var frequency = torch.arange(spectrum.shape[0], torch.ScalarType.Float64) * ((double)rate / samples.Length);
        return torch.fft.irfft(spectrum * frequency.ge(from) * frequency.le(to), samples.Length).to(torch.ScalarType.Float32).data<float>().ToArray();
    }

    /// <summary>Power of the difference over the first one's, in dB.</summary>
    public static double Difference(float[] a, float[] b) => 10 * Math.Log10(a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum() / a.Sum(x => (double)x * x));
}

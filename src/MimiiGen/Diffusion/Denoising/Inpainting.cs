using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Fills in a part of a given sample: after each step the rest is put back with the noise of that step (Lugmayr et al. 2022, eq. 8).</summary>
public static class Inpainting
{
    /// <summary>For <see cref="DenoisingLoop.AfterStep"/>: the known part at the next noise level, the generated part as it is.</summary>
    /// <param name="sampler">The loop's sampler.</param>
    /// <param name="clean">The given sample (batch, ...).</param>
    /// <param name="noise">Standard normal noise of its shape, the same at every step.</param>
    /// <param name="mask">1 where to generate, 0 where to keep; broadcasts to the sample.</param>
    public static Func<int, Tensor, Tensor> Keep(Sampler sampler, Tensor clean, Tensor noise, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        return (index, generated) =>
        {
            using var scope = NewDisposeScope();
            var known = index + 1 < sampler.Timesteps.Count ? sampler.AddNoise(clean, noise, index + 1) : clean;
            return Blend(generated, known, mask).MoveToOuterDisposeScope();
        };
    }

    internal static Tensor Blend(Tensor generated, Tensor known, Tensor mask) => ((1 - mask) * known) + (mask * generated);
}

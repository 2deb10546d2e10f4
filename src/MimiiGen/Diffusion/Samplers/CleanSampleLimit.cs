using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Keeps a predicted clean sample in range, where the config asks for it.</summary>
internal static class CleanSampleLimit
{
    public static Tensor Apply(SamplerConfig config, Tensor clean) // (batch, ...)
    {
        if (config.Thresholding) return Threshold(clean, config.DynamicThresholdingRatio, config.SampleMaxValue);
        return config.ClipSample ? clean.clamp(-config.ClipSampleRange, config.ClipSampleRange) : clean;
    }

    /// <summary>Clips each sample at a quantile of its magnitudes, at least 1, and divides by it (Saharia et al. 2022, "Imagen", section 2.3).</summary>
    private static Tensor Threshold(Tensor clean, double ratio, double largest)
    {
        var magnitudes = clean.flatten(1).abs(); // (batch, values)
        var bound = magnitudes.quantile(tensor(ratio, dtype: clean.dtype, device: clean.device), dim: 1).clamp(1, largest); // (batch)
        bound = bound.view([clean.shape[0], .. Enumerable.Repeat(1L, (int)clean.dim() - 1)]); // (batch, 1, ...)
        return clean.minimum(bound).maximum(-bound) / bound;
    }
}

using MimiiGen.Diffusion;

namespace MimiiGen.Bench;

/// <summary>Counts the operations of one call of a U-Net from its weights: each acts once at every position of its level's map.</summary>
internal static class UNetOperations
{
    /// <param name="unet">The network.</param>
    /// <param name="batch">Clips a call.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Frames of the image.</param>
    /// <param name="tokens">Tokens of the caption.</param>
    /// <returns>Floating-point operations of convolutions and linear layers; the products within attention are left out.</returns>
    public static double Count(UNet2DConditionModel unet, int batch, int height, int width, int tokens)
    {
        var levels = unet.Config.BlockOutChannels.Count;
        var positions = new double[levels + 1];
        for (var level = 0; level <= levels; level++)
        {
            positions[level] = (double)height * width;
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }

        return 2.0 * batch * unet.named_parameters().Where(p => p.parameter.dim() > 1).Sum(p => p.parameter.numel() * Positions(p.name, levels, positions, tokens));
    }

    private static double Positions(string name, int levels, double[] positions, int tokens)
    {
        var parts = name.Split('.');
        if (name.Contains("time_emb", StringComparison.Ordinal) || parts[0] is "time_embedding" or "class_embedding") return 1;
        if (name.Contains(".attn2.to_k.", StringComparison.Ordinal) || name.Contains(".attn2.to_v.", StringComparison.Ordinal)) return tokens;
        return parts[0] switch
        {
            "down_blocks" => positions[int.Parse(parts[1]) + (parts[2] == "downsamplers" ? 1 : 0)],
            "up_blocks" => positions[levels - 1 - int.Parse(parts[1]) - (parts[2] == "upsamplers" ? 1 : 0)],
            "mid_block" => positions[levels - 1],
            _ => positions[0],
        };
    }
}

using MimiiGen.Codec;

namespace MimiiGen.Bench;

/// <summary>Counts the operations of a codec's decoder from its configuration; a recurrent block is left out.</summary>
internal static class CodecOperations
{
    /// <summary>Floating-point operations to decode that many latent frames.</summary>
    public static double Decode(EncodecConfig config, double frames)
    {
        var width = config.NumFilters << config.UpsamplingRatios.Count;
        var sum = frames * config.HiddenSize * width * config.KernelSize;
        var length = frames;
        foreach (var ratio in config.UpsamplingRatios)
        {
            sum += length * width * (width / 2.0) * 2 * ratio;
            length *= ratio;
            width /= 2;
            var narrow = width / (double)config.Compress;
            var block = (width * narrow * config.ResidualKernelSize) + (narrow * width) + (config.UseConvShortcut ? (double)width * width : 0);
            sum += length * block * config.NumResidualLayers;
        }

        return 2 * (sum + (length * width * config.AudioChannels * config.LastKernelSize));
    }
}

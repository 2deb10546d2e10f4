using MimiiGen.Codec;

namespace MimiiGen.Bench;

/// <summary>Counts the operations of a codec's networks from its configuration.</summary>
internal static class CodecOperations
{
    /// <summary>Floating-point operations to decode that many latent frames.</summary>
    public static double Decode(EncodecConfig config, double frames) =>
        Common(config, frames) + (2 * frames * config.HiddenSize * Widest(config) * config.KernelSize) + (2 * frames * config.HopLength * config.NumFilters * config.AudioChannels * config.LastKernelSize);

    /// <summary>Floating-point operations to encode that many samples.</summary>
    public static double Encode(EncodecConfig config, double samples) =>
        Common(config, samples / config.HopLength) + (2 * samples * config.NumFilters * config.AudioChannels * config.KernelSize) + (2 * samples / config.HopLength * config.HiddenSize * Widest(config) * config.LastKernelSize);

    private static int Widest(EncodecConfig config) => config.NumFilters << config.UpsamplingRatios.Count;

    /// <summary>The recurrent block, the strided convolutions (those of the decoder are the encoder's transposed) and the residual blocks.</summary>
    private static double Common(EncodecConfig config, double frames)
    {
        double width = Widest(config);
        var sum = frames * 8 * width * width * config.NumLstmLayers;
        var length = frames;
        foreach (var ratio in config.UpsamplingRatios)
        {
            sum += length * width * (width / 2) * 2 * ratio;
            length *= ratio;
            width /= 2;
            var narrow = width / config.Compress;
            var block = (width * narrow * config.ResidualKernelSize) + (narrow * width) + (config.UseConvShortcut ? width * width : 0);
            sum += length * block * config.NumResidualLayers;
        }

        return 2 * sum;
    }
}

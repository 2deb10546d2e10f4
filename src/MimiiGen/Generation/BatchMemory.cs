using MimiiGen.Diffusion;

namespace MimiiGen.Generation;

/// <summary>
/// Memory that clips of a batch take on a CPU while they are sampled. Most of it is the results of the U-Net's layers. Measured at batches of 2 and 8 in maps of the
/// outer level: 33 to 36 for the shipped network, 42 to 43 for golden's small8m, 46 to 49 for AudioLDM's sizes, where this says 37, 52 and 52.
/// </summary>
internal static class BatchMemory
{
    private const int Maps = 22;
    private const int MapsOfLayer = 15; // for each resnet of a down block
    private const int LatentCopies = 8; // sample, noise, prediction, the windows' sum, what a sampler keeps

    /// <summary>Bytes a clip of the batch.</summary>
    /// <param name="config">Of the U-Net.</param>
    /// <param name="layout">Of the latents.</param>
    /// <param name="frames">Of the clip.</param>
    /// <param name="window">Frames that the U-Net sees at once.</param>
    /// <param name="guided">Whether each clip goes through the U-Net with and without its caption.</param>
    public static long BytesPerClip(UNetConfig config, LatentLayout layout, int frames, int window, bool guided)
    {
        var maps = Maps + (MapsOfLayer * config.LayersPerBlock.Max());
        var sample = (long)maps * config.BlockOutChannels[0] * layout.Height * Math.Min(frames, window);
        return sizeof(float) * ((sample * (guided ? 2 : 1)) + ((long)LatentCopies * layout.Dimensions * frames));
    }
}

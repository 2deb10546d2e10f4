using MimiiGen.Diffusion;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Arms;

/// <summary>A generator that a budget of minutes on two cores can teach something: the shipped one's layers, half as wide.</summary>
internal static class QuickArchitecture
{
    private static readonly int[] Widths = [32, 64, 96];

    /// <param name="rows">Rows of the latents: 16 channels of them, as in the paper.</param>
    public static GeneratorArchitecture Of(int rows) => Of(new LatentLayout(16, rows / 16), Widths);

    /// <param name="layout">How latents become the U-Net's image.</param>
    /// <param name="widths">Channels of its levels, multiples of 16.</param>
    public static GeneratorArchitecture Of(LatentLayout layout, IReadOnlyList<int> widths) => GeneratorArchitecture.Small with
    {
        Layout = layout,
        UNet = GeneratorArchitecture.Small.UNet with
        {
            SampleSize = [layout.Height, 750],
            InChannels = layout.Channels,
            OutChannels = layout.Channels,
            BlockOutChannels = widths,
            ProjectionClassEmbeddingsInputDim = layout.Dimensions,
        },
    };
}

using MimiiGen.Diffusion;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Arms;

/// <summary>A generator that a budget of minutes on two cores can teach something: the shipped one's layers, half as wide.</summary>
internal static class QuickArchitecture
{
    private static readonly int[] Widths = [32, 64, 96];

    /// <param name="rows">Rows of the latents: 16 channels of them, as in the paper.</param>
    public static GeneratorArchitecture Of(int rows) => (GeneratorArchitecture.Small with { UNet = GeneratorArchitecture.Small.UNet with { BlockOutChannels = Widths } }).On(new LatentLayout(16, rows / 16));
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>Halves height and width (rounding up) by a 3x3 convolution of stride 2.</summary>
internal sealed class Downsample2D : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public Downsample2D(long channels)
        : base(nameof(Downsample2D))
    {
        conv = nn.Conv2d(channels, channels, 3L, stride: 2L, padding: 1L);
        RegisterComponents();
    }

    public override Tensor forward(Tensor map) => InferenceLayers.Convolve(conv, map); // (batch, channels, ceil(height / 2), ceil(width / 2))
}

/// <summary>Nearest-neighbour interpolation to a given size, then a 3x3 convolution.</summary>
internal sealed class Upsample2D : nn.Module<Tensor, (long Height, long Width), Tensor>
{
    private readonly Conv2d conv;

    public Upsample2D(long channels)
        : base(nameof(Upsample2D))
    {
        conv = nn.Conv2d(channels, channels, 3L, padding: 1L);
        RegisterComponents();
    }

    public override Tensor forward(Tensor map, (long Height, long Width) size)
    {
        using var larger = InferenceLayers.Enlarge(map, size.Height, size.Width);
        return InferenceLayers.Convolve(conv, larger); // (batch, channels, size)
    }
}

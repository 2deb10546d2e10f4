using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class LatentLayoutTests
{

    [Theory]
    [InlineData("row_major", false)]
    [InlineData("interleaved", true)]
    public void IndexMapAndExampleAreTheGolden(string name, bool interleaved)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/training/scale_reshape.safetensors");
        var layout = LatentLayout.SixteenChannels with { Interleaved = interleaved };
        var map = golden[$"map.{name}"];
        for (var channel = 0; channel < 16; channel++)
            for (var row = 0; row < 8; row++)
                Assert.Equal(map[channel, row].ToInt64(), layout.DimensionAt(channel, row));

        var image = layout.ToImage(golden["example.latent_128x3"]);
        Assert.True(golden[$"example.{name}_16x8x3"].equal(image).all().ToBoolean());
        Assert.True(golden["example.latent_128x3"].equal(layout.ToLatents(image)).all().ToBoolean());
    }

    [Fact]
    public void OneChannelKeepsTheOrder()
    {
        using var scope = NewDisposeScope();
        var latents = arange(2 * 128 * 5).reshape(2, 128, 5);
        var image = LatentLayout.OneChannel.ToImage(latents);
        Assert.Equal([2, 1, 128, 5], image.shape);
        Assert.True(latents.equal(image.squeeze(1)).all().ToBoolean());
    }

    [Fact]
    public void AnotherNumberOfDimensionsIsRefusedInOneLine()
    {
        using var scope = NewDisposeScope();
        var e = Assert.Throws<BadInputException>(() => LatentLayout.SixteenChannels.ToImage(zeros(1, 64, 750)));
        Assert.Equal("latents of shape [1, 64, 750] don't fit the layout 16 x 8; expected [batch, 128, frames]", e.Message);
        Assert.Throws<BadInputException>(() => LatentLayout.OneChannel.ToLatents(zeros(1, 16, 8, 750)));
    }
}

using MimiiGen.Diffusion;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Tests.Experiments;

public sealed class RowVariancesTests
{
    [Fact]
    public void TellsWhatACutIntoChannelsMakesOfRows()
    {
        // rows of variance 4 4 1 9 about 0 0 1 -1: channels of rows 0 1 and 2 3
        var values = new RowVariances([0, 0, 1, -1], [4, 4, 1, 9]).Of(new LatentLayout(2, 2));

        Assert.Equal(5, values[0], 1e-12); // within: 4, and 5 + 1
        Assert.Equal(0, values[1], 1e-12); // both channels have mean 0
        Assert.Equal(Math.Sqrt(6.0 / 4), values[2], 1e-12);
        Assert.Equal(1.0 / 6, values[3], 1e-12); // row 2, once its channel has variance 1
        Assert.Equal((1 + 3) / 2.0, values[4], 1e-12); // 2:2 and 3:1
    }

    [Fact]
    public void AnInterleavedCutGathersOtherRows()
    {
        var values = new RowVariances([0, 0, 1, -1], [4, 4, 1, 9]).Of(new LatentLayout(2, 2, Interleaved: true));

        Assert.Equal((2.5 + 0.25 + 6.5 + 0.25) / 2, values[0], 1e-12); // rows 0 2 about 0.5, rows 1 3 about -0.5
        Assert.Equal(0.25, values[1], 1e-12);
    }
}

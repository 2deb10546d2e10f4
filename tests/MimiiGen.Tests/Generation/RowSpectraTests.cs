using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Generation;

public sealed class RowSpectraTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(-0.8)]
    public void AnAutoregressiveRowHasItsSpectrum(double a)
    {
        using var row = Autoregressive(a, 20000, 1);

        var measured = RowSpectra.Measure(row);

        var stated = Stated(a);
        Assert.Equal(RowSpectra.Bands, measured.Length);
        for (var b = 0; b < RowSpectra.Bands; b++) Assert.Equal(stated[b], measured[b], 0.12);
    }

    [Theory]
    [InlineData(RowSpectra.FewestFrames)]
    [InlineData(17)]
    [InlineData(750)]
    [InlineData(2251)]
    public void ImposedOnNoiseTheyAreFoundInIt(int frames)
    {
        using var noise = cat([Autoregressive(0, frames, 2), Autoregressive(0, frames, 3)]);
        float[] wanted = [.. Stated(0.5), .. Stated(-0.4)];

        using var shape = RowSpectra.Impose(noise, wanted);
        using var rms = shape.square().mean([1]).sqrt();

        Assert.Equal(noise.shape, shape.shape);
        Assert.All(rms.data<float>().ToArray(), r => Assert.Equal(1, r, 1e-4));
        var measured = RowSpectra.Measure(shape);
        if (frames >= 750) for (var b = 0; b < measured.Length; b++) Assert.Equal(wanted[b], measured[b], 0.2);
        Assert.All(measured, m => Assert.True(float.IsFinite(m)));
    }

    [Fact]
    public void ImposedOnWhatHasThemTheyChangeNothing()
    {
        using var row = Autoregressive(0.7, 750, 4);

        using var again = RowSpectra.Impose(row, RowSpectra.Measure(row));

        Assert.InRange((again - row).abs().max().ToSingle(), 0, 1e-4);
    }

    [Fact]
    public void ASilentRowStaysSilent()
    {
        using var silence = zeros(1, 100);

        using var shape = RowSpectra.Impose(silence, RowSpectra.Measure(silence));

        Assert.Equal(0, shape.abs().max().ToSingle());
    }

    /// <summary>(1, frames) of unit rms: each frame a times the one before, and noise.</summary>
    private static Tensor Autoregressive(double a, int frames, int seed)
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator((ulong)seed);
        var noise = randn([frames + 100], generator: chance).data<float>().ToArray();
        var row = new float[frames];
        var last = 0.0;
        for (var i = 0; i < noise.Length; i++)
        {
            last = (a * last) + noise[i];
            if (i >= 100) row[i - 100] = (float)last;
        }

        var x = tensor(row, [1, frames]);
        return (x / x.square().mean().sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>Log of the mean over each band of 1 / |1 - a exp(-iw)|², relative to the mean of the bands.</summary>
    private static float[] Stated(double a)
    {
        const int Points = 1000;
        double[] bands =
        [
            .. Enumerable.Range(0, RowSpectra.Bands).Select(b => Enumerable.Range(0, Points)
                .Average(p => 1 / (1 + (a * a) - (2 * a * Math.Cos(Math.PI * (b + ((p + 0.5) / Points)) / RowSpectra.Bands))))),
        ];
        return [.. bands.Select(p => (float)Math.Log(p / bands.Average()))];
    }
}

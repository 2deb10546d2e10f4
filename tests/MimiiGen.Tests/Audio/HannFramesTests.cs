using MimiiGen.Audio;
using MimiiGen.Diffusion;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

public sealed class HannFramesTests
{
    private static readonly HannFrames Frames = HannFrames.Lasting(0.064, 16000);

    [Fact]
    public void FramesAreAMultipleOfFourSamples()
    {
        Assert.Equal((1024, 256), (Frames.Length, Frames.Hop));
        Assert.Equal(5512, HannFrames.Lasting(0.25, 22050).Length);
    }

    [Theory]
    [InlineData(1100, 100)]
    [InlineData(16000, 100)]
    [InlineData(33333, 7)]
    public void ThereAndBackAgainIsTheClip(int length, int atOnce)
    {
        using var scope = torch.NewDisposeScope();
        var clip = ClipNoise.Normal(1, 1, length).data<float>().ToArray();
        var padded = Frames.Padded(clip);
        var sum = torch.zeros(padded.shape);

        for (var from = 0; from < Frames.Count(padded); from += atOnce)
            Frames.Add(sum, Frames.Spectra(padded, from, Math.Min(from + atOnce, Frames.Count(padded))), from);

        var back = Frames.Cut(sum, length);
        for (var i = 0; i < length; i++) Assert.Equal(clip[i], back[i], 1e-5f);
    }

    [Fact]
    public void ABinOfWhiteNoiseHasThePowerOfTheWindow()
    {
        using var scope = torch.NewDisposeScope();
        var padded = Frames.Padded(ClipNoise.Normal(2, 1, 160000).data<float>().ToArray());

        var power = torch.view_as_real(Frames.Spectra(padded, 0, Frames.Count(padded))).square().sum(-1)[.., 1..^1].mean().ToDouble();

        Assert.Equal(1, power / Frames.WindowPower, 0.02);
    }
}

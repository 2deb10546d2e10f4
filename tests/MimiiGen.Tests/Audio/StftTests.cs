using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class StftTests
{
    public static TheoryData<string, Stft> Settings => new()
    {
        { "n1024_h512_center_constant", new Stft(1024, 512, StftPadding.Zeros) },
        { "n1024_h512_center_reflect", new Stft(1024, 512, StftPadding.Reflection) },
        { "n1024_h512_nocenter", new Stft(1024, 512, StftPadding.None) },
        { "n1024_h320_w800_center_reflect_symmetric_hann", new Stft(1024, 320, StftPadding.Reflection, 800, periodic: false) },
        { "n512_h160_w400_center_constant", new Stft(512, 160, StftPadding.Zeros, 400) },
        { "n400_h160_center_reflect", new Stft(400, 160, StftPadding.Reflection) },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void MatchesTheReference(string name, Stft stft)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("audio/stft.safetensors");
        var fan = GoldenFile.Tensors("audio/inputs.safetensors")["fan"];
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-12), (ScalarType.Float32, 1e-6) })
        {
            var spectrum = stft.Transform(fan.to(type));
            var every8th = spectrum[TensorIndex.Slice(step: 8)];
            Assert.Equal([stft.Bins, stft.Frames(16000)], spectrum.shape);
            GoldenFile.AssertClose(golden[name + ".re"], every8th.real, tolerance, name + ".re");
            GoldenFile.AssertClose(golden[name + ".im"], every8th.imag, tolerance, name + ".im");
        }
    }

    [Fact]
    public void PowerMatchesTheReference()
    {
        using var scope = NewDisposeScope();
        var fan = GoldenFile.Tensors("audio/inputs.safetensors")["fan"].to(ScalarType.Float64);
        var power = new Stft(1024, 512, StftPadding.Zeros).Power(fan)[TensorIndex.Slice(step: 8)];
        GoldenFile.AssertClose(GoldenFile.Tensors("audio/stft.safetensors")["power_n1024_h512_center_constant"], power, 1e-12, "power");
    }

    [Fact]
    public void InverseGivesTheSamplesBack()
    {
        using var scope = NewDisposeScope();
        var fan = GoldenFile.Tensors("audio/inputs.safetensors")["fan"].to(ScalarType.Float64);
        var stft = new Stft(1024, 256, StftPadding.Reflection);
        GoldenFile.AssertClose(fan, stft.Inverse(stft.Transform(fan), 16000), 1e-12, "round trip");
    }

    [Fact]
    public void TooFewSamplesAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<BadInputException>(() => new Stft(1024, 512, StftPadding.None).Transform(zeros(1023)));
        Assert.Throws<BadInputException>(() => new Stft(1024, 512, StftPadding.Reflection).Transform(zeros(512)));
    }
}

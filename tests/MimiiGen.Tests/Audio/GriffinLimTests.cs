using System.Globalization;
using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class GriffinLimTests
{
    [Theory]
    [InlineData(1, 0.0, 1e-6)]
    [InlineData(1, 0.99, 1e-6)]
    [InlineData(8, 0.0, 1e-6)]
    [InlineData(8, 0.99, 1e-6)]
    [InlineData(32, 0.0, 1e-6)]
    [InlineData(32, 0.99, 1e-4)]
    public void MatchesLibrosa(int iterations, double momentum, double tolerance)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("audio/griffin-lim.safetensors");
        var stft = new Stft(512, 128, StftPadding.Zeros);
        var name = string.Create(CultureInfo.InvariantCulture, $"it{iterations}_mom{momentum:0.0#}");
        var zero = GriffinLim.Reconstruct(golden["magnitude"], stft, 4096, iterations, momentum);
        GoldenFile.AssertClose(golden[name + ".from_zero_phase"], zero, tolerance, name);
        var given = GriffinLim.Reconstruct(golden["magnitude"], stft, 4096, iterations, momentum, golden["phase_turns"] * (2 * Math.PI));
        GoldenFile.AssertClose(golden[name + ".from_given_phase"], given, tolerance, name);
    }
}

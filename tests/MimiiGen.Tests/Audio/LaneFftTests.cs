using System.Numerics;
using MimiiGen.Audio;

namespace MimiiGen.Tests.Audio;

public sealed class LaneFftTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(512)]
    [InlineData(1024)]
    public void EveryLaneHasItsOwnPowerSpectrum(int length)
    {
        var random = new Random(length);
        var signals = Enumerable.Range(0, Vector<double>.Count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        Vector<double>[] even = [.. Lanes(0)], odd = [.. Lanes(1)];
        var power = new Vector<double>[(length / 2) + 1];
        var fft = new LaneFft(length);

        fft.Power(even, odd, power);

        for (var lane = 0; lane < signals.Length; lane++)
            for (var k = 0; k <= length / 2; k += Math.Max(1, length / 64))
            {
                var x = Enumerable.Range(0, length).Aggregate(Complex.Zero, (sum, n) => sum + (signals[lane][n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / length)));
                Assert.Equal((x.Real * x.Real) + (x.Imaginary * x.Imaginary), power[k][lane], 1e-10);
            }

        IEnumerable<Vector<double>> Lanes(int first) => Enumerable.Range(0, length / 2).Select(n => new Vector<double>([.. signals.Select(s => s[(2 * n) + first])]));
    }

    [Fact]
    public void OtherLengthsAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new LaneFft(1000));
}

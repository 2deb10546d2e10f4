using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class ClipNoiseTests
{
    /// <summary>Known answers of Random123 1.14, tests/kat_vectors.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void PhiloxGivesTheKnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3) =>
        Assert.Equal((r0, r1, r2, r3), Philox.At((c0, c1, c2, c3), (k0, k1)));

    [Fact]
    public void FirstValuesFollowFromTheKnownAnswer()
    {
        using var scope = NewDisposeScope();
        var (u, v) = ((0x6627e8d5u + 1.0) / 4294967296, 0xe169c58du / 4294967296.0);
        var noise = ClipNoise.Normal(0, 0, 2);
        Assert.Equal((float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v)), noise[0].ToSingle());
        Assert.Equal((float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Sin(2 * Math.PI * v)), noise[1].ToSingle());
    }

    [Fact]
    public void AClipsNoiseIsTheSameInAnyBatch()
    {
        using var scope = NewDisposeScope();
        ulong[] seeds = [7, 1, ulong.MaxValue, 3, 1UL << 40, 0, 9, 11];
        var eight = ClipNoise.NormalBatch(seeds, 2, 16, 8, 30);
        for (var i = 0; i < seeds.Length; i++)
            GoldenFile.AssertClose(ClipNoise.Normal(seeds[i], 2, 16, 8, 30), eight[i], 0, $"clip {i}");
        GoldenFile.AssertClose(eight.narrow(0, 1, 3), ClipNoise.NormalBatch(seeds[1..4], 2, 16, 8, 30), 0, "batch of 3");
    }

    [Fact]
    public void ShorterNoiseIsTheBeginningOfLonger()
    {
        using var scope = NewDisposeScope();
        GoldenFile.AssertClose(ClipNoise.Normal(5, 1, 101).narrow(0, 0, 7), ClipNoise.Normal(5, 1, 7), 0, "7 of 101");
    }

    [Fact]
    public void MomentsAreNormalAndStreamsUncorrelated()
    {
        using var scope = NewDisposeScope();
        const int n = 400_000;
        var noise = stack([ClipNoise.Normal(1, 0, n), ClipNoise.Normal(1, 1, n), ClipNoise.Normal(2, 0, n)]).to(ScalarType.Float64); // (3, n)
        var fiveSigma = 5 / Math.Sqrt(n);
        Assert.True(noise.mean([1]).abs().max().ToDouble() < fiveSigma);
        Assert.True((noise.square().mean([1]) - 1).abs().max().ToDouble() < fiveSigma * Math.Sqrt(2));
        Assert.True(noise.pow(3).mean([1]).abs().max().ToDouble() < fiveSigma * Math.Sqrt(15));
        Assert.True((noise.pow(4).mean([1]) - 3).abs().max().ToDouble() < fiveSigma * Math.Sqrt(96));
        var correlation = noise.matmul(noise.t()) / n;
        Assert.True((correlation - eye(3, dtype: ScalarType.Float64)).triu(1).abs().max().ToDouble() < fiveSigma);
    }

    [Fact]
    public void WholeNumbersBelowALimitComeEquallyOften()
    {
        var counts = Enumerable.Range(0, 6000).Select(seed => ClipNoise.Below(6, (ulong)seed, 3)).CountBy(n => n).ToDictionary();

        Assert.Equal(Enumerable.Range(0, 6), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 880, 1120)); // 1000 with a standard deviation of 29
    }
}

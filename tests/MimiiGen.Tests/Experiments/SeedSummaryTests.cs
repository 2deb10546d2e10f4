using MimiiGen.Experiments;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Tests.Experiments;

/// <summary>Against an analysis of variance worked out by hand.</summary>
public sealed class SeedSummaryTests
{
    // arms x seeds: 1 3 | 2 4.4; residuals of arms and seeds ±0.1, their squares sum to 0.04, 1 degree of freedom: deviation 0.2
    private readonly ArmRecord[] records = [.. MadeUp.Arm("a", ArmKind.Reference, 1, 3), .. MadeUp.Arm("b", ArmKind.Variant, 2, 4.4)];

    [Fact]
    public void ADifferenceIsToldFromWhatArmsAndSeedsLeave()
    {
        var difference = new SeedSummary(Metric.Fad, records).Difference("b", "a", 1)!.Value;

        Assert.Equal(1.2, difference.Estimate, 1e-12);
        var reach = 12.7062047361747 * 0.2; // t of 1 degree of freedom, times the deviation, times the root of 1/2 + 1/2
        Assert.Equal(1.2 - reach, difference.Low, 1e-9);
        Assert.Equal(1.2 + reach, difference.High, 1e-9);
    }

    [Fact]
    public void SeveralComparisonsWidenTheInterval()
    {
        var summary = new SeedSummary(Metric.Fad, records);

        Assert.Equal(63.6567411628715 / 12.7062047361747, Reach(5) / Reach(1), 1e-9); // 99 % instead of 95 %

        double Reach(int comparisons) => summary.Difference("b", "a", comparisons)!.Value.High - 1.2;
    }

    [Fact]
    public void AnArmsIntervalJoinsSeedsAndClips()
    {
        // within arms: squares 2 + 2.88, 2 degrees of freedom; t = 4.302652729911275
        var ofSeeds = 4.302652729911275 * Math.Sqrt(4.88 / 2) / Math.Sqrt(2);
        Assert.Equal(2 + ofSeeds, new SeedSummary(Metric.Fad, records).Of("a").High, 1e-9);

        ArmRecord[] withClips = [.. records.Select(r => r with { Measures = [r.Measures[0] with { Low = r.Measures[0].Value - 3, High = r.Measures[0].Value + 3 }] })];
        Assert.Equal(2 + Math.Sqrt((ofSeeds * ofSeeds) + 9), new SeedSummary(Metric.Fad, withClips).Of("a").High, 1e-9);
    }

    [Fact]
    public void WhatChanceDoesNotTouchHasNoIntervalOfSeeds()
    {
        ArmRecord[] all = [.. records, .. MadeUp.Arm("coded", ArmKind.Ceiling, 7, 7).Select(r => r with { Sampling = null })];

        var coded = new SeedSummary(Metric.Fad, all).Of("coded");

        Assert.Equal((7, 7, 7), (coded.Estimate, coded.Low, coded.High));
        Assert.Equal(1.2, new SeedSummary(Metric.Fad, all).Difference("b", "a", 1)!.Value.Estimate, 1e-12);
    }

    [Fact]
    public void ArmsThatAreAlmostOneDoNotMakeAnotherCertain()
    {
        // four arms of the same noise leave nothing; the fifth differs from the reference by 1 and by 5: deviation sqrt(8) / sqrt(2) = 2
        ArmRecord[] all = [.. MadeUp.Arm("a", ArmKind.Reference, 1, 2), .. "bcd".SelectMany(n => MadeUp.Arm($"{n}", ArmKind.Variant, 1, 2)), .. MadeUp.Arm("other", ArmKind.Variant, 2, 7)];

        var difference = new SeedSummary(Metric.Fad, all).Difference("other", "a", 1)!.Value;

        Assert.Equal(3 + (2.7764451051977987 * 2), difference.High, 1e-9); // t of 4 degrees of freedom
        Assert.True(difference.Low < 0);
    }

    [Fact]
    public void ADistanceIsNeverBelowZero() => Assert.Equal(0, new SeedSummary(Metric.Fad, records).Of("a").Low);
}

using MimiiGen.Experiments;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Tests.Experiments;

public sealed class FindingsTests
{
    [Fact]
    public void ADifferenceWhoseIntervalDoesNotHoldZeroIsSeen()
    {
        ArmRecord[] records = [.. MadeUp.Arm("template", ArmKind.Reference, 5, 5.1, 5.05), .. MadeUp.Arm("none", ArmKind.Variant, 9, 9.12, 9.06), .. MadeUp.Arm("list", ArmKind.Variant, 5.01, 5.1, 5.04)];

        var findings = Findings.Of([Metric.Fad], records);

        Assert.StartsWith("FAD ('template': 5.05 (", findings[0], StringComparison.Ordinal);
        Assert.Contains("'none' is higher by 4.01 (", findings[0], StringComparison.Ordinal);
        Assert.Contains("no difference seen to 'list' (0.00 (", findings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void OneThatChanceCouldMakeIsNot()
    {
        ArmRecord[] records = [.. MadeUp.Arm("template", ArmKind.Reference, 5, 9), .. MadeUp.Arm("none", ArmKind.Variant, 8, 6)];

        var finding = Findings.Of([Metric.Fad], records)[0];

        Assert.Contains("no difference seen to 'none' (0.00 (", finding, StringComparison.Ordinal);
        Assert.DoesNotContain("higher", finding, StringComparison.Ordinal);
        Assert.DoesNotContain("lower", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSignIsThatOfTheArm()
    {
        ArmRecord[] records = [.. MadeUp.Arm("a", ArmKind.Reference, 5, 5.1), .. MadeUp.Arm("b", ArmKind.Variant, 3, 3.1)];

        Assert.Contains("'b' is lower by 2.00 (2.00 to 2.00)", Findings.Of([Metric.Fad], records)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void BoundsAndWhatItRestsOnAreNamed()
    {
        ArmRecord[] records = [.. MadeUp.Arm("real halves", ArmKind.Floor, 2, 2.5), .. MadeUp.Arm("a", ArmKind.Reference, 5, 5.1), .. MadeUp.Arm("b", ArmKind.Variant, 5, 5.2)];

        var findings = Findings.Of([Metric.Fad], records);

        Assert.StartsWith("FAD of clips that were not generated: 'real halves' 2.25", findings[1], StringComparison.Ordinal);
        Assert.Contains("20 real test clips and 2 seeds, and nothing was trained", findings[^1], StringComparison.Ordinal);
    }
}

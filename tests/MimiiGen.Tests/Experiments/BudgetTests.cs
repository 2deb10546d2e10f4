using MimiiGen.Experiments;

namespace MimiiGen.Tests.Experiments;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1.5m", 90)]
    public void ReadsSecondsMinutesAndHours(string text, double seconds) => Assert.Equal(seconds, Budget.Parse(text).TotalSeconds);

    [Theory]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("-3m")]
    [InlineData("0s")]
    [InlineData("tenm")]
    public void RefusesWhatIsNoTime(string text) => Assert.Contains("such as 90s, 10m or 2h", Assert.Throws<BadInputException>(() => Budget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void WithoutTrainingAllGoesIntoClips()
    {
        // 2 arms x 2 seeds x 2 classes x 1 machine = 8 clips of 3 s for one more of each class: 24 s; 90 % of 400 s pay for 15
        Assert.Equal((0, 0, 15), Budget.Divide(400, [(0, 3), (0, 3)], seeds: 2, machines: 1, available: 100, baseStep: 0, fewest: 20));
        Assert.Equal(10, Budget.Divide(400, [(0, 3), (0, 3)], 2, 1, available: 10, 0, 20).Clips);
        Assert.Equal(Budget.FewestClips, Budget.Divide(1, [(0, 3), (0, 3)], 2, 1, available: 10, 0, 20).Clips);
    }

    [Fact]
    public void TrainingsShareWhatClipsLeave()
    {
        // clips: 10 x 8 x 1 s = 80 s of the 900 s that are spent; 820 s for 4 trainings of 0.5 s a step: 410 steps each
        Assert.Equal((410, 0, 10), Budget.Divide(1000, [(0.5, 1), (0.5, 1)], 2, 1, 10, 0, 20));

        // with a base 40 % of that go to it
        var (steps, baseSteps, _) = Budget.Divide(1000, [(0.5, 1), (0.5, 1)], 2, 1, 10, baseStep: 0.5, 20);
        Assert.Equal((246, 656), (steps, baseSteps));
    }

    [Fact]
    public void ClipsNeverTakeMoreThanTheirPartBesideTraining()
    {
        // 40 % of 900 s pay for 360 / 8 = 45 clips of each class
        Assert.Equal(45, Budget.Divide(1000, [(0.5, 1), (0.5, 1)], 2, 1, 1000, 0, 20).Clips);
    }

    [Fact]
    public void AHopelessBudgetStillTrainsALittle() => Assert.Equal((7, 7, Budget.FewestClips), Budget.Divide(1, [(5, 9)], 2, 1, 50, 5, fewest: 7));
}

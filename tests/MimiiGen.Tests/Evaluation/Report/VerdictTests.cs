using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Tests.Evaluation.Report;

public sealed class VerdictTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("verdict").FullName;
    private readonly MachineResult right;

    public VerdictTests()
    {
        var made = MadeUpEvaluation.Make(folder).Machines[0];
        right = made with
        {
            Real = new DetectionResult(new(0.78, 0.68, 0.87), new(0.6, 0.5, 0.7)),
            AucDifference = new(0.01, -0.08, 0.1),
            Controls = new ControlResult(new(0.51, 0.4, 0.62), new(0.53, 0.42, 0.64), new(0.52, 0.4, 0.63), new(0.55, 0.43, 0.66)),
            Classes = [.. made.Classes.Select(c => c with { BandErrorDb = new Dictionary<int, double> { [1000] = 1 } })],
        };
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void YesWhenEveryControlIsRight() => Assert.Equal(Answer.Yes, Of(right).Answer);

    [Fact]
    public void NoWhenClipsAreAllAlikeThoughTheAucAgrees() =>
        Assert.Equal(Answer.No, Of(right with { Classes = [.. right.Classes.Select(c => c with { GeneratedSpreadDb = 0.5 })] }).Answer);

    [Fact]
    public void NoWhenGeneratedNormalsAreHeardAsAnomalies() =>
        Assert.Equal(Answer.No, Of(right with { Controls = right.Controls with { GeneratedNormalAuc = new(0.77, 0.66, 0.86) } }).Answer);

    [Fact]
    public void NoWhenGeneratedNormalsAreMoreOrdinaryThanRealOnes() =>
        Assert.Equal(Answer.No, Of(right with { Controls = right.Controls with { GeneratedNormalAuc = new(0.2, 0.1, 0.3) } }).Answer);

    [Fact]
    public void NoWhenResamplingAloneIsHeard() =>
        Assert.Equal(Answer.No, Of(right with { Controls = right.Controls with { ResamplingAuc = new(0.78, 0.68, 0.88) } }).Answer);

    [Fact]
    public void InPartWhenTooFewClipsLeaveItOpen() =>
        Assert.Equal(Answer.InPart, Of(right with { Controls = right.Controls with { GeneratedNormalAuc = new(0.71, 0.45, 0.92) } }).Answer);

    [Fact]
    public void InPartWhenClipsAreTooSmoothAndTheTrainingClipsStandBeside()
    {
        var training = new ClassDifference { LevelErrorDb = 0, BandErrorDb = new Dictionary<int, double>(), TimeVarianceRatio = [1, 1, 1, 0.7] };
        var verdict = Of(right with { Classes = [.. right.Classes.Select(c => c with { TimeVarianceRatio = [1, 0.5, 0.5, 0.5], Training = training })] });

        Assert.Equal(Answer.InPart, verdict.Answer);
        Assert.Contains("in 1 of 4 mel bands only (training clips: in 3)", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheTrainingClipsAreOffByIsSaidBesideABandsError()
    {
        var training = new ClassDifference { LevelErrorDb = 0, BandErrorDb = new Dictionary<int, double> { [8000] = 4.2 }, TimeVarianceRatio = [1] };
        var verdict = Of(right with { Classes = [.. right.Classes.Select(c => c with { BandErrorDb = new Dictionary<int, double> { [8000] = 4.4 }, Training = training })] });

        Assert.Contains("8000 Hz of normal clips is off by +4.4 dB, that of the training clips by +4.2 dB", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void CannotSayWhenTheDetectorFailsOnRealClips() =>
        Assert.Equal(Answer.CannotSay, Of(right with { Real = new DetectionResult(new(0.52, 0.4, 0.64), new(0.5, 0.45, 0.55)) }).Answer);

    [Theory]
    [InlineData(0.4)]
    [InlineData(4.3)]
    public void NoWhenClipsAreCopiesOrLikeNothingReal(double ratio) =>
        Assert.Equal(Answer.No, Of(right with { NearestTraining = right.NearestTraining with { RealDistance = 1, GeneratedDistance = ratio } }).Answer);

    [Theory]
    [InlineData(20, 0.05, Answer.Yes)] // 4.8 % by chance
    [InlineData(20, 0.10, Answer.InPart)]
    [InlineData(20, 0.15, Answer.No)] // beyond chance, 13.9 %
    [InlineData(4, 0.20, Answer.Yes)]
    [InlineData(4, 0.50, Answer.InPart)]
    [InlineData(4, 0.55, Answer.No)]
    public void ClipsNearerThanAnyRealOneCountAgainstChance(int real, double share, Answer answer)
    {
        var verdict = Of(right with { Counts = right.Counts with { RealNormal = real / 2, RealAnomaly = real / 2 }, NearestTraining = right.NearestTraining with { NearerShare = share } });

        Assert.Equal(answer, verdict.Answer);
    }

    [Fact]
    public void ANumberThatIsNoneIsNeverGood() =>
        Assert.Equal(Answer.No, Of(right with { NearestTraining = right.NearestTraining with { RealDistance = 0, GeneratedDistance = 0 } }).Answer);

    private static Verdict Of(MachineResult machine) => Verdict.Of(new EvaluationResult
    {
        Machines = [machine],
        Settings = null!,
        Seconds = 1,
    });
}

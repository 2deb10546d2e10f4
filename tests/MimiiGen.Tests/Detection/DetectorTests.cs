using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Detection;

public sealed class DetectorTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("detector/reference-results.json");
    private static readonly Waveform[] Training = Samples.Clips("0_dB_fan/fan/id_00/normal", 0, 10);
    private static readonly Waveform[] Normals = Samples.Clips("0_dB_fan/fan/id_00/normal", 10, 10);
    private static readonly Waveform[] Anomalies = Samples.Clips("0_dB_fan/fan/id_00/abnormal", 0, 20);

    /// <summary>
    /// One start in ten or so ends far off, for the running statistics of its batch normalisation lag behind; which one it is
    /// depends on the machine's rounding. Where the first does, the next two must not.
    /// </summary>
    [Fact]
    public void TheAutoEncoderLearnsTheFanAsTheReferenceDoes()
    {
        if (!InRange(AreaAfterTraining(seed: 0))) Assert.True(InRange(AreaAfterTraining(seed: 1)) && InRange(AreaAfterTraining(seed: 2)));

        static bool InRange(double area) => Math.Abs(area - 0.734) <= 0.06;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NeighboursScoreAsTheReference(int neighbours)
    {
        using var detector = new NeighbourDetector(neighbours);
        detector.Fit(Training, cancel: TestContext.Current.CancellationToken);
        var expected = Golden.GetProperty("other_detectors").GetProperty($"knn_k{neighbours}_mean_distance.mean_log_mel_128.standardised_by_train");

        double[] scores = [.. Normals.Concat(Anomalies).Select(detector.Score)];

        var golden = Numbers.Of(expected.GetProperty("scores"));
        for (var i = 0; i < golden.Length; i++) Assert.Equal(golden[i], scores[i], 1e-4 * golden[i]);
        Assert.Equal(expected.GetProperty("auc").GetDouble(), RocOf(detector).Area, 1e-12);
        Assert.Equal(expected.GetProperty("pauc_0.1").GetDouble(), RocOf(detector).PartialArea(), 1e-12);
    }

    [Fact]
    public void UnusableClipsAreRefusedInOneLine()
    {
        using var detector = new NeighbourDetector();

        Assert.Contains("no normal clips", Refusal(), StringComparison.Ordinal);
        Assert.Contains("differ in sample rate", Refusal(Training[0], Waveform.Mono(Training[0].Channel(0), 8000)), StringComparison.Ordinal);
        Assert.Contains("at least 2048 are needed", Refusal(Waveform.Mono(new float[2000], 16000)), StringComparison.Ordinal);
        Assert.Contains("silent", Refusal(Waveform.Mono(new float[16000], 16000)), StringComparison.Ordinal);
        Assert.Contains("NaN", Refusal(Waveform.Mono([.. Enumerable.Repeat(float.NaN, 16000)], 16000)), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => detector.Score(Training[0]));

        string Refusal(params Waveform[] clips) =>
            Assert.Throws<BadInputException>(() => detector.Fit(clips, cancel: TestContext.Current.CancellationToken)).Message;
    }

    private static double AreaAfterTraining(ulong seed)
    {
        var expected = Golden.GetProperty("dcase_ae_100_epochs").GetProperty("seed_0").GetProperty("loss_epoch_1_2_5_10_20_last");
        int[] epochs = [1, 2, 5, 10];
        using var detector = new AutoEncoderDetector(new AutoEncoderTraining(Seed: seed));

        detector.Fit(Training, cancel: TestContext.Current.CancellationToken);

        for (var i = 0; i < epochs.Length; i++) Assert.Equal(expected[i].GetDouble(), detector.EpochLosses[epochs[i] - 1], 0.03 * expected[i].GetDouble());
        Assert.InRange(detector.EpochLosses[^1], 9, 12);
        Assert.InRange(detector.Threshold, detector.TrainingScores.Average(), detector.TrainingScores.Max() * 1.2);
        return RocOf(detector).Area;
    }

    private static RocCurve RocOf(IDetector detector) => RocCurve.Of([.. Normals.Select(detector.Score)], [.. Anomalies.Select(detector.Score)]);
}

using MimiiGen.Audio;
using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Evaluation;

public sealed class DetectorEnsembleTests
{
    private static readonly Waveform[] Normals = [.. Enumerable.Range(0, 3).Select(i => Waveform.Mono(TinyRecordings.Sound(i), TinyRecordings.SampleRate))];

    [Fact]
    public void AScoreIsTheMeanOverTheDetectorsAndTheProgressRunsOnce()
    {
        var shares = new List<double>();
        using var ensemble = new DetectorEnsemble(Normals, new EvaluationOptions { Epochs = 3, DetectorSeeds = 2, Seed = 4 }, shares.Add, CancellationToken.None);
        var single = new ulong[] { 4000, 4001 }.Select(seed =>
        {
            using var detector = new AutoEncoderDetector(new AutoEncoderTraining(Epochs: 3, Seed: seed));
            detector.Fit(Normals);
            return detector.Score(Normals[1]);
        }).ToArray();

        Assert.NotEqual(single[0], single[1]);
        Assert.Equal(single.Average(), ensemble.Score(Normals)[1], 1e-4 * single[0]);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
    }

    [Fact]
    public void StopsWhenAskedTo()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new DetectorEnsemble(Normals, new EvaluationOptions(), _ => stop.Cancel(), stop.Token));
    }
}

using MimiiGen.Audio;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class SetComparisonTests
{
    private static readonly Waveform[] Normals = Samples.Clips("0_dB_fan/fan/id_00/normal", 10, 10);

    [Fact]
    public void TheSpreadOfRealClipsIsWhatTheReferenceMeasured()
    {
        using var normal = MelProfiles.Of(Normals);
        using var abnormal = MelProfiles.Of(Samples.Clips("0_dB_fan/fan/id_00/abnormal", 10, 10));

        // the reference divided by the number of clips, ten
        Assert.Equal(2.87 * Math.Sqrt(10.0 / 9), normal.Spread, 0.01);
        Assert.Equal(2.83 * Math.Sqrt(10.0 / 9), abnormal.Spread, 0.01);
        Assert.Equal(0, normal.DifferenceTo(normal).Max(Math.Abs), 1e-12);
    }

    [Fact]
    public void EqualClipsHaveNoSpread()
    {
        using var profiles = MelProfiles.Of([Normals[0], Normals[0], Normals[0]]);

        Assert.Equal(0, profiles.Spread, 1e-9);
    }

    [Fact]
    public void HalfTheAmplitudeIsSixDecibelsLessInEveryBand()
    {
        Waveform[] quiet = [.. Normals.Select(c => Waveform.Mono([.. c.Channel(0).Select(s => s / 2)], c.SampleRate))];

        var difference = AverageLevels.Of(quiet).Minus(AverageLevels.Of(Normals));

        Assert.Equal(-6.0206, difference.RmsDb, 1e-3);
        Assert.Equal([63, 125, 250, 500, 1000, 2000, 4000, 8000], difference.OctaveBandsDb.Keys.Order());
        Assert.All(difference.OctaveBandsDb.Values, d => Assert.Equal(-6.0206, d, 1e-3));
    }

    [Fact]
    public void ACopyIsFoundAndRealClipsKeepTheirDistance()
    {
        using var scope = NewDisposeScope();
        var embeddings = GoldenFile.Tensors("embeddings/end-to-end.safetensors")["normal.embeddings"];

        var copies = NearestClip.Of(embeddings[3..6], embeddings);
        var others = NearestClip.AmongOthers(embeddings);

        Assert.Equal([3, 4, 5], copies.Select(c => c.Index));
        Assert.All(copies, c => Assert.Equal(1, c.Similarity, 1e-12));
        Assert.Equal(20, others.Count);
        Assert.All(others.Select((o, i) => (o, i)), n => Assert.True(n.o.Index != n.i && n.o.Similarity < 0.9999));
    }

    [Fact]
    public void SetsTooSmallAreRefused()
    {
        using var one = MelProfiles.Of([Normals[0]]);

        Assert.Throws<BadInputException>(() => one.Spread);
        Assert.Throws<BadInputException>(() => MelProfiles.Of([]));
        Assert.Throws<BadInputException>(() => AverageLevels.Of([]));
        Assert.Throws<BadInputException>(() => NearestClip.AmongOthers(ones(1, 4)));
    }
}

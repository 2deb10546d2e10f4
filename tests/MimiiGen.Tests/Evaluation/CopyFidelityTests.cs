using MimiiGen.Audio;
using MimiiGen.Evaluation;

namespace MimiiGen.Tests.Evaluation;

public sealed class CopyFidelityTests
{
    [Fact]
    public void AClipIsItsOwnBestCopy()
    {
        var clip = Noise(1);

        var fidelity = CopyFidelity.Of([clip], [clip]);

        Assert.Equal((0, 0), (fidelity.LevelErrorDb, fidelity.LogMelErrorDb));
        Assert.All(fidelity.BandErrorDb.Values, error => Assert.Equal(0, error));
        Assert.True(fidelity.SnrDb > 200);
    }

    [Fact]
    public void HalfTheAmplitudeIsSixDecibelsInEveryFigure()
    {
        var clip = Noise(1);
        var half = Waveform.Mono([.. clip.Channel(0).Select(x => x / 2)], clip.SampleRate);

        var fidelity = CopyFidelity.Of([clip, half], [half, clip]); // once quieter, once louder: absolute errors don't cancel

        Assert.Equal(6.0206, fidelity.LevelErrorDb, 1e-3);
        Assert.All(fidelity.BandErrorDb.Values, error => Assert.Equal(6.0206, error, 1e-2));
        Assert.Equal(6.0206, fidelity.LogMelErrorDb, 1e-2);
        Assert.Equal((6.0206 + 0) / 2, fidelity.SnrDb, 1e-2); // the noise is half the clip, then all of it
    }

    [Fact]
    public void NoClipsAreRefused() => Assert.Throws<BadInputException>(() => CopyFidelity.Of([], []));

    private static Waveform Noise(int seed)
    {
        var chance = new Random(seed);
        return Waveform.Mono([.. Enumerable.Range(0, 32000).Select(_ => (float)(chance.NextDouble() - 0.5))], 16000);
    }
}

using MimiiGen.Audio;
using TorchSharp;

namespace MimiiGen.Tests.Audio;

public sealed class SpectralEnvelopeTests
{
    [Fact]
    public void ImposedLevelsAreMeasuredAgain()
    {
        var samples = Noise(32000, 1);
        var wanted = SpectralEnvelope.Measure(samples, 16000);
        for (var i = 0; i < wanted.Length; i++) wanted[i] += (float)(4 * Math.Sin(0.7 * i));
        var imposed = SpectralEnvelope.Impose(samples, 16000, wanted);

        var reached = SpectralEnvelope.Measure(imposed, 16000);

        var offset = reached.Average() - wanted.Average(); // levels are relative to the whole: any common shift is the same shape
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], reached[i] - offset, 0.5f);
    }

    [Fact]
    public void ItsOwnLevelsLeaveAClipAsItIs()
    {
        var samples = Noise(16000, 2);

        var same = SpectralEnvelope.Impose(samples, 16000, SpectralEnvelope.Measure(samples, 16000));

        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], same[i], 1e-4f);
    }

    [Fact]
    public void ALevelIsThatOfItsBand()
    {
        var samples = Enumerable.Range(0, 16000).Select(i => (float)(0.1 * Math.Sin(2 * Math.PI * 1000 * i / 16000))).ToArray();

        var levels = SpectralEnvelope.Measure(samples, 16000);

        var mel = 2595 * Math.Log10(1 + (1000 / 700.0)) * (SpectralEnvelope.Bands - 1) / (2595 * Math.Log10(1 + (8000 / 700.0)));
        var part = mel - Math.Floor(mel);
        Assert.Equal(10 * Math.Log10(part), levels[(int)Math.Ceiling(mel)], 0.1f);
        Assert.Equal(10 * Math.Log10(1 - part), levels[(int)Math.Floor(mel)], 0.1f);
    }

    private static float[] Noise(int length, ulong seed)
    {
        using var chance = new torch.Generator(seed);
        using var noise = torch.randn([length], generator: chance) * 0.1;
        return noise.data<float>().ToArray();
    }
}

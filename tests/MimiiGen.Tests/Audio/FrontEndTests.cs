using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

/// <summary>From ten seconds of a recording at 16 kHz to the spectra that the embedding networks were run on.</summary>
public sealed class FrontEndTests
{
    private readonly Waveform fan = WavFile.Read(GoldenFile.PathOf("audio/fan-10s.wav"));

    [Fact]
    public void EfficientAt()
    {
        using var scope = NewDisposeScope();
        var mel = Compute(LogMel.EfficientAt()).T; // (mels, frames)
        AssertMatches("efficientat.mel_every_8th_band_every_20th_frame", Every(8, Every(20, mel.T).T), 2e-5);
    }

    [Fact]
    public void Vggish()
    {
        using var scope = NewDisposeScope();
        var mel = Compute(LogMel.Vggish()); // (frames, mels)
        AssertMatches("vggish.log_mel_patch_9", mel.narrow(0, 9 * 96, 96), 1e-5);
        AssertMatches("vggish.log_mel_patch_0_every_4th_frame", Every(4, mel.narrow(0, 0, 96)), 1e-5);
    }

    [Fact]
    public void Panns()
    {
        using var scope = NewDisposeScope();
        AssertMatches("panns16k.log_mel_every_40th_frame", Every(40, Compute(LogMel.Panns16k())), 1.2e-4);
        AssertMatches("panns32k.log_mel_every_40th_frame", Every(40, Compute(LogMel.Panns())), 1.2e-4);
    }

    [Fact]
    public void Clap()
    {
        using var scope = NewDisposeScope();
        AssertMatches("clap.log_mel_every_20th_frame", Every(20, Compute(LogMel.Clap())), 1e-4);
    }

    private static Tensor Every(int step, Tensor rows) => rows[TensorIndex.Slice(step: step)];

    private static void AssertMatches(string name, Tensor actual, double tolerance) =>
        GoldenFile.AssertClose(GoldenFile.Tensors("audio/front-ends.safetensors")[name], actual, tolerance, name);

    private Tensor Compute(LogMel logMel) => logMel.Compute(KaiserResampler.KaiserBest.Resample(fan, logMel.SampleRate).Channel(0));
}

using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Real clips sent through parts of the generator's path that ought not to change them: what a detector makes of those is no merit and no
/// fault of the generated sound itself.
/// </summary>
internal static class RoundTrip
{
    /// <summary>Up to the codec's rate and down again.</summary>
    public static Waveform Resampled(Waveform clip, int codecRate)
    {
        var up = KaiserResampler.Steep.Resample(clip.Channel(0), clip.SampleRate, codecRate);
        return Fitted(KaiserResampler.Steep.Resample(up, codecRate, clip.SampleRate), clip);
    }

    /// <summary>Up, once through the codec at the level and with the quantisation that the generator uses it with, down, and back to its own level; with the noise that the generator puts in.</summary>
    public static Waveform Coded(Waveform clip, EncodecModel codec, SoundModelConfig use, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rate = codec.Config.SamplingRate;
        var up = KaiserResampler.Steep.Resample(clip.Channel(0), clip.SampleRate, rate);
        var gain = use.EncodedRms / Math.Pow(10, Levels.Rms(up) / 20);
        var device = codec.parameters().First().device;
        var waveform = (tensor(up, [1, 1, up.Length]) * gain).to(device);
        var latents = codec.Requantize(codec.Requantize(codec.Encode(waveform), use.LatentBandwidth), use.RequantizeBandwidth); // (1, rows, frames)
        var copy = (codec.Decode(latents) / gain)[0, 0].cpu().data<float>().ToArray();
        var decoded = KaiserResampler.Steep.Resample(copy, rate, clip.SampleRate);
        if (codec.Config.NoiseAbove is { } above) decoded = ClipFinish.Substituted(decoded, clip.SampleRate, above, seed);
        return Fitted(decoded, clip);
    }

    private static Waveform Fitted(float[] samples, Waveform original)
    {
        Array.Resize(ref samples, original.Length);
        return Waveform.Mono(samples, original.SampleRate);
    }
}

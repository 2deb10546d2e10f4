using MimiiGen.Audio;
using MimiiGen.Codec;
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

    /// <summary>
    /// Up, once through the codec at the level that it is used at, down, and back to its own level; quantised at <paramref name="bandwidth"/> in
    /// kbit/s where one is given.
    /// </summary>
    public static Waveform Coded(Waveform clip, EncodecModel codec, double encodedRms, double? bandwidth = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rate = codec.Config.SamplingRate;
        var up = KaiserResampler.Steep.Resample(clip.Channel(0), clip.SampleRate, rate);
        var gain = encodedRms / Math.Pow(10, Levels.Rms(up) / 20);
        var device = codec.parameters().First().device;
        var waveform = (tensor(up, [1, 1, up.Length]) * gain).to(device);
        var latents = codec.Encode(waveform); // (1, hidden, frames)
        if (bandwidth is { } kilobits) latents = codec.Dequantize(codec.Quantize(latents, kilobits));
        var copy = (codec.Decode(latents) / gain)[0, 0].cpu().data<float>().ToArray();
        return Fitted(KaiserResampler.Steep.Resample(copy, rate, clip.SampleRate), clip);
    }

    private static Waveform Fitted(float[] samples, Waveform original)
    {
        Array.Resize(ref samples, original.Length);
        return Waveform.Mono(samples, original.SampleRate);
    }
}

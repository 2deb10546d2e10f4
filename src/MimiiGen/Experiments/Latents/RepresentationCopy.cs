using MimiiGen.Audio;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>A real clip through a representation and back, as <c>RoundTrip</c> does with the codec.</summary>
internal static class RepresentationCopy
{
    /// <param name="clip">One channel.</param>
    /// <param name="through">The representation.</param>
    /// <param name="rate">Its sample rate in Hz.</param>
    public static Waveform Of(Waveform clip, IRepresentation through, int rate)
    {
        using var scope = NewDisposeScope();
        var up = KaiserResampler.Steep.Resample(clip.Channel(0), clip.SampleRate, rate);
        var gain = (float)(TrainingClips.ReferenceRms / Math.Pow(10, Levels.Rms(up) / 20));
        float[] copy = [.. through.Decode(through.Encode([.. up.Select(s => s * gain)])).Select(s => s / gain)];
        var down = KaiserResampler.Steep.Resample(copy, rate, clip.SampleRate);
        Array.Resize(ref down, clip.Length);
        return Waveform.Mono(down, clip.SampleRate);
    }
}

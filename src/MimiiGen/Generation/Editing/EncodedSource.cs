using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>A given recording as the generator works on it: latents divided into shape and levels, and its samples at the model's rate.</summary>
internal sealed class EncodedSource : IDisposable
{
    /// <param name="model">Encodes it.</param>
    /// <param name="sound">The recording; what is longer than the clip is cut off.</param>
    /// <param name="seconds">Duration of the clip.</param>
    /// <param name="frames">Latent frames of the clip.</param>
    /// <param name="usual">Whether its levels are to be those that it usually has, for a part that is made anew; else those of the whole.</param>
    public EncodedSource(SoundModel model, SourceSound sound, double seconds, int frames, bool usual)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var cut = sound.Samples.AsSpan(0, Math.Min(sound.Samples.Length, (int)Math.Round(seconds * sound.SampleRate)));
        Samples = KaiserResampler.Steep.Resample(cut, sound.SampleRate, model.Config.OutputRate);
        var encoded = KaiserResampler.Steep.Resample(cut, sound.SampleRate, model.Codec.Config.SamplingRate);
        var gain = (float)(model.Config.EncodedRms / Math.Pow(10, Audio.Levels.Rms(encoded) / 20));
        for (var i = 0; i < encoded.Length; i++) encoded[i] *= gain;
        var waveform = tensor(encoded, [1, 1, encoded.Length], device: model.Device);
        var latents = model.Codec.Requantize(model.Codec.Encode(waveform), model.Config.LatentBandwidth)[0]; // (rows, frames of the recording)
        var (shape, rows) = usual ? model.Shape.DivideByUsual(latents, model.Codec.Config.SamplingRate / model.Codec.Config.HopLength) : model.Shape.Divide(latents);
        Texture = FineTexture.Measure(Samples, model.Config.OutputRate);
        var there = Math.Min(frames, shape.shape[1]);
        var rest = shape.narrow(1, there - 1, 1).expand(-1, frames - there); // (rows, frames beyond the recording's end)
        Shape = cat([shape.narrow(1, 0, there), rest], 1).MoveToOuterDisposeScope();
        Levels = [(float)Audio.Levels.Rms(Samples), .. rows, .. SpectralEnvelope.Measure(Samples, model.Config.OutputRate)];
    }

    /// <summary>One channel at the model's output rate.</summary>
    public float[] Samples { get; }

    /// <summary>As of <see cref="ConditionLevels"/>: (1 + rows + bands).</summary>
    public float[] Levels { get; }

    /// <summary>Null of a recording too short to have one.</summary>
    public FineTexture? Texture { get; }

    /// <summary>(rows, frames), each row divided by its level; the last frame is repeated beyond the recording's end.</summary>
    public Tensor Shape { get; }

    public void Dispose() => Shape.Dispose();
}

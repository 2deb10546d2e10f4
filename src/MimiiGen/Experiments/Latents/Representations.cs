using MimiiGen.Audio;
using MimiiGen.Codec;

namespace MimiiGen.Experiments.Latents;

/// <summary>Pictures of spectra that take the codec's place.</summary>
internal static class Representations
{
    public static Representation GriffinLim { get; } = new("log-mel", (data, _, _, _) => Picture(data));

    public static Representation Vocoder { get; } = new("log-mel-vocoder", (data, folder, progress, stop) => new VocodedMel(data, folder, progress, stop));

    public static Representation Autoencoder { get; } = new("vae", (data, folder, progress, stop) => new EncodedMel(data, folder, progress, stop));

    /// <summary>Log-mel spectra of the shape of the codec's latents.</summary>
    public static LogMelPicture Picture(StudyData data)
    {
        var codec = EncodecConfig.Load(Path.Combine(data.Options.Codec, "config.json"));
        return new LogMelPicture(codec.SamplingRate, codec.HiddenSize, codec.HopLength);
    }

    /// <summary>The codec's rate, and the highest frequency that the recordings hold, in Hz.</summary>
    public static (int Rate, double Highest) Rates(StudyData data)
    {
        var rate = EncodecConfig.Load(Path.Combine(data.Options.Codec, "config.json")).SamplingRate;
        return (rate, Math.Min(rate, WavFile.ReadInfo(data.Training[0].Path).SampleRate) / 2.0);
    }
}

using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Training;

/// <summary>One channel of a recording as the networks are trained on it.</summary>
/// <param name="Source">Where it is from.</param>
/// <param name="Samples">At the codec's rate, brought to <see cref="TrainingClips.ReferenceRms"/>.</param>
/// <param name="LevelDb">What its level was, in dB full scale (rms).</param>
/// <param name="BandLevels">Its levels in bands, before resampling (<see cref="SpectralEnvelope"/>).</param>
/// <param name="Texture">What its narrow bands hold; null of a clip too short.</param>
public sealed record TrainingClip(DatasetClip Source, float[] Samples, double LevelDb, float[] BandLevels, FineTexture? Texture);

/// <summary>Reads clips for training: each file once, its channels resampled by the steep filter and brought to one level.</summary>
public static class TrainingClips
{
    /// <summary>Rms that clips are brought to before they are encoded: a codec begun as a lapped transform is most linear there.</summary>
    public const double ReferenceRms = 0.1;

    /// <summary>Reads the clips one after the other; one that can't be used is passed over and named to <paramref name="warn"/>.</summary>
    public static IEnumerable<TrainingClip> Read(IEnumerable<DatasetClip> clips, int sampleRate, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(clips);
        Waveform? file = null;
        string? path = null;
        foreach (var clip in clips)
        {
            float[] samples;
            double level;
            float[] bands;
            FineTexture? texture;
            try
            {
                if (path != clip.Path)
                {
                    path = null;
                    file = WavFile.Read(clip.Path);
                    path = clip.Path;
                }

                var channel = file!.Channel(clip.Channel);
                WaveformCheck.Of(channel, file.SampleRate / 10).Require($"{clip.FileName} channel {clip.Channel}");
                samples = KaiserResampler.Steep.Resample(channel, file.SampleRate, sampleRate);
                level = Levels.Rms(channel);
                bands = SpectralEnvelope.Measure(channel, file.SampleRate);
                texture = FineTexture.Measure(channel, file.SampleRate);
                var gain = (float)(ReferenceRms / Math.Pow(10, Levels.Rms(samples) / 20));
                for (var i = 0; i < samples.Length; i++) samples[i] *= gain;
            }
            catch (Exception e) when (e is BadInputException or IOException)
            {
                warn?.Invoke($"left out: {e.Message}");
                continue;
            }

            yield return new TrainingClip(clip, samples, level, bands, texture);
        }
    }
}

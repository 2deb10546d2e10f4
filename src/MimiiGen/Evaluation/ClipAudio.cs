using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Evaluation;

/// <summary>The sound of a dataset's clips.</summary>
internal static class ClipAudio
{
    /// <summary>Each clip's own channel.</summary>
    public static IReadOnlyList<Waveform> Read(IReadOnlyList<DatasetClip> clips) => [.. clips.Select(c =>
    {
        var file = WavFile.Read(c.Path);
        return Waveform.Mono(file.Channel(c.Channel), file.SampleRate);
    })];
}

using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Evaluation;

/// <summary>
/// The clips of a dataset that a number can be computed from. One silent clip among thousands need not stop an evaluation: it is left out
/// and named, before any clip is generated.
/// </summary>
internal static class UsableClips
{
    private const double ShortestSeconds = 0.25;

    /// <summary>The dataset without the clips that are silent, too short or no numbers; looks at first channels with a split, the others are not used.</summary>
    public static Dataset Of(Dataset dataset, Action<string>? warn, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset with { Clips = [.. dataset.Clips.Where(Usable)] };

        bool Usable(DatasetClip clip)
        {
            stop.ThrowIfCancellationRequested();
            if (clip.Channel != 0 || clip.Split is null) return true;
            var file = WavFile.Read(clip.Path);
            if (WaveformCheck.Of(file.Channel(0), (int)(ShortestSeconds * file.SampleRate)).Problem is not { } problem) return true;
            warn?.Invoke($"left out: {clip.FileName} {problem}");
            return false;
        }
    }
}

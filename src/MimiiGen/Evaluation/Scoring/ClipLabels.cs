using MimiiGen.Datasets;
using MimiiGen.Generation;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>What is known of the clips of a folder: from the record beside each generated clip, else from the dataset's table or folder names.</summary>
internal static class ClipLabels
{
    /// <summary>The metadata of each clip, without the microphone, for one channel is looked at.</summary>
    /// <exception cref="BadInputException">It is not known what the clips are.</exception>
    public static ClipMetadata[] Of(string folder, IReadOnlyList<ScoredClip> clips)
    {
        ClipMetadata?[] beside = [.. clips.Select(c => ClipRecord.TryRead(Path.ChangeExtension(c.Path, ".json"))?.Metadata)];
        if (beside.All(m => m is not null)) return [.. beside.Select(m => m! with { Microphone = null })];
        var known = DatasetReader.Read(folder).Clips.DistinctBy(c => c.FileName).ToDictionary(c => c.FileName, c => c.Metadata, StringComparer.Ordinal);
        return
        [
            .. clips.Select(c => known.TryGetValue(c.Name.Replace('\\', '/'), out var metadata)
                ? metadata with { Microphone = null }
                : throw new BadInputException($"{c.Path}: it is not known what this clip is; add it to the table of {folder}, or sort it into normal/ or abnormal/")),
        ];
    }

    /// <summary>normal, the fault, or anomaly where the fault isn't named.</summary>
    public static string Fault(ClipMetadata metadata) => metadata.Anomaly ? metadata.AnomalyType ?? "anomaly" : "normal";

    /// <summary>Machine and operating condition, whatever the state.</summary>
    public static string Condition(ClipMetadata metadata) => (metadata with { Anomaly = false, AnomalyType = null }).ConditionKey.Replace(";state=normal", "", StringComparison.Ordinal);
}

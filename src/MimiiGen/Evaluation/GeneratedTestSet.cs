using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Generation;

namespace MimiiGen.Evaluation;

/// <summary>Generates clips for the metadata of real ones, each with its sidecar; clips that are there from the same request are kept.</summary>
/// <param name="generator">Makes the clips.</param>
/// <param name="folder">Where <c>clips/</c> goes.</param>
/// <param name="seed">Of the whole set: clip i of class c of a machine has its own seed made from it.</param>
internal sealed class GeneratedTestSet(ClipGenerator generator, string folder, ulong seed)
{
    /// <summary>Paths from the folder, and the waveforms as they are on disk.</summary>
    public IReadOnlyList<(string File, Waveform Clip)> Make(
        MachineTest test, IReadOnlyList<DatasetClip> real, int each, Action<ClipRequest> started, CancellationToken stop)
    {
        var state = real[0].Metadata.Anomaly ? "abnormal" : "normal";
        var made = new List<(string, Waveform)>();
        for (var i = 0; i < real.Count * each; i++)
        {
            var like = real[i % real.Count];
            var seconds = WavFile.ReadInfo(like.Path).Seconds;
            var request = ClipRequest.For(like.Metadata, SeedOf(like.Metadata, i), seconds);
            started(request);
            var name = $"clips/{test.Machine}/{test.Id}/{state}/{i:00000000}";
            made.Add((name + ".wav", Clip(Path.Combine(folder, name), request, stop)));
        }

        return made;
    }

    private Waveform Clip(string path, ClipRequest request, CancellationToken stop)
    {
        if (File.Exists(path + ".wav") && ClipRecord.TryRead(path + ".json") is { } record && generator.Made(record, request)) return WavFile.Read(path + ".wav");
        var clip = generator.Generate(request, stop: stop);
        clip.Write(path);
        return WavFile.Read(path + ".wav");
    }

    /// <summary>FNV-1a of the condition and the clip's number, so that adding a machine changes no other machine's clips.</summary>
    private ulong SeedOf(ClipMetadata metadata, int number)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in $"{seed}/{metadata.ConditionKey}/{number}") hash = (hash ^ c) * 0x100000001B3UL;
        return hash;
    }
}

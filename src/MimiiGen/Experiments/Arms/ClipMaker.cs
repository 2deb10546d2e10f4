using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Generation;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Arms;

/// <summary>Generates an arm's clips, one for each real test clip; clips that are there from the same request are kept.</summary>
/// <param name="model">The generator.</param>
/// <param name="source">How it is asked.</param>
/// <param name="decoder">Turns latents (rows, frames) into samples; null for the model's codec.</param>
/// <param name="warn">Told of conditions that the generator wasn't trained on.</param>
internal sealed class ClipMaker(SoundModel model, Generated source, Func<Tensor, float[]>? decoder, Action<string>? warn)
{
    public const int AtOnce = 8;

    private readonly ClipGenerator generator = new(model, source.Sampling, warn) { Decoder = decoder };

    /// <summary>How it samples, in words.</summary>
    public string Sampling => $"{generator.SamplerName}, {generator.Steps} steps, guidance {generator.GuidanceScale:0.##}";

    /// <summary>The request for a clip like a real one. Arms with the same seed draw the same noise, so that chance differs as little as it can.</summary>
    public ClipRequest Request(TestClip like, int number, ulong seed)
    {
        var told = source.Told(like.Clip.Metadata);
        return new ClipRequest(source.Caption(told), SeedOf(like, number, seed), WavFile.ReadInfo(like.Clip.Path).Seconds, told);
    }

    /// <summary>Makes them; gives their paths in the folder and the seconds that one took, null where all were there.</summary>
    public (IReadOnlyList<string> Files, double? SecondsPerClip) Make(IReadOnlyList<TestClip> clips, string folder, ulong seed, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var requests = clips.Select((clip, i) => (Request: Request(clip, i, seed), Name: $"{i:0000}")).ToArray();
        var missing = requests.Where(r => !(File.Exists(In(r.Name) + ".wav") && ClipRecord.TryRead(In(r.Name) + ".json") is { } record && generator.Made(record, r.Request))).ToArray();
        var clock = Stopwatch.StartNew();
        var done = 0;
        foreach (var batch in missing.Chunk(AtOnce))
        {
            foreach (var (clip, request) in generator.Generate([.. batch.Select(r => r.Request)], stop: stop).Zip(batch)) clip.Write(In(request.Name));
            progress?.Report(new WorkProgress($"generating clips of {Path.GetFileName(folder)}", done += batch.Length, missing.Length));
        }

        return ([.. requests.Select(r => r.Name + ".wav")], missing.Length == 0 ? null : clock.Elapsed.TotalSeconds / missing.Length);

        string In(string name) => Path.Combine(folder, name);
    }

    /// <summary>FNV-1a of seed, true condition and number.</summary>
    private static ulong SeedOf(TestClip like, int number, ulong seed)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in $"{seed}/{like.Clip.Metadata.ConditionKey}/{number}") hash = (hash ^ c) * 0x100000001B3UL;
        return hash;
    }
}

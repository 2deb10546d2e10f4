using System.Security.Cryptography;
using System.Text;
using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Evaluation;
using MimiiGen.Experiments.Latents;
using MimiiGen.Generation;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Arms;

/// <summary>What several arms and studies need and only the first computes: latents of the training clips, a trained base, copies of the test clips.</summary>
internal sealed class SharedParts(StudyData data, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop) : IDisposable
{
    private const double BaseRate = 8e-4;

    private readonly StudyOptions options = data.Options;
    private readonly Lazy<string> codecHash = new(() => FileHash.Sha256(Path.Combine(data.Options.Codec, "model.safetensors")));
    private readonly Dictionary<string, string> latents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IRepresentation> representations = new(StringComparer.Ordinal);

    /// <summary>Folder of the latents of all training clips, the codec's before quantisation unless another representation is named.</summary>
    /// <param name="other">Of the second folder of recordings instead.</param>
    /// <param name="representation">What latents.</param>
    public string Latents(bool other = false, Representation? representation = null)
    {
        var key = $"{representation?.Name ?? codecHash.Value}/{other}";
        if (latents.TryGetValue(key, out var known)) return known;
        var clips = other ? data.OtherTraining : data.Training;
        var folder = Path.Combine(options.Shared, $"latents-{Mark([key, $"{options.RepresentationSteps}", .. clips.Select(c => $"{c.Path}/{c.Channel}")])}");
        using var codec = EncodecModel.Load(options.Codec);
        var pictures = representation is null ? null : Load(representation); // trained before the encoding, which takes no gradients
        if (pictures is null) LatentStore.Encode(folder, codec, codecHash.Value, null, clips, warn, progress, stop);
        else LatentStore.Encode(folder, pictures.Encode, codec.Config.SamplingRate, clips, warn, progress, stop);
        return latents[key] = folder;
    }

    /// <summary>A representation, what it has to learn learned.</summary>
    public IRepresentation Load(Representation representation)
    {
        if (representations.TryGetValue(representation.Name, out var known)) return known;
        var folder = Path.Combine(options.Shared, $"{representation.Name}-{Mark([$"{options.RepresentationSteps}", $"{options.Seed}", .. data.Training.Select(c => $"{c.Path}/{c.Channel}")])}");
        return representations[representation.Name] = representation.Make(data, folder, progress, stop);
    }

    /// <summary>Whether the base is there already.</summary>
    public bool HasBase => File.Exists(Done(BaseFolder()));

    /// <summary>Folder of a generator that was trained on all training clips without captions.</summary>
    /// <param name="steps">Gradient steps, where it has to be trained.</param>
    public string Base(int steps)
    {
        var folder = BaseFolder();
        if (!File.Exists(Done(folder)))
        {
            LatentStore.Derive(Latents(), folder, (_, metadata) => metadata, _ => "");
            var settings = options.Training with { Steps = steps, Seed = options.Seed, CheckpointEvery = ArmTraining.Checkpoints(steps), LearningRate = BaseRate };
            using (var trainer = new GeneratorTrainer(data.Architecture, settings, folder, options.Codec, data.Training, options.Device, warn)) trainer.Run(new Renamed(progress, "training the base of all arms"), stop);
            AtomicFile.WriteText(Done(folder), $"{steps}");
        }

        return Path.Combine(folder, "model");
    }

    /// <summary>Writes changed copies of real test clips, unless they are there; gives their folder and, for each clip, the path in it.</summary>
    /// <param name="name">Of the folder: tells the change apart from all others.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="change">What is done to each; it is told the clip's number too.</param>
    public (string Folder, IReadOnlyList<string> Files) Copies(string name, IReadOnlyList<TestClip> clips, Func<Waveform, int, Waveform> change)
    {
        var folder = Path.Combine(options.Shared, name);
        for (var i = 0; i < clips.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, clips[i].Clip.FileName);
            if (File.Exists(path)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WavFile.Write(path + ".partial", change(ClipAudio.Read([clips[i].Clip])[0], i));
            File.Move(path + ".partial", path, overwrite: true);
            progress?.Report(new WorkProgress($"copying test clips, {name}", i + 1, clips.Count));
        }

        return (folder, [.. clips.Select(c => c.Clip.FileName)]);
    }

    /// <summary>The test clips through the codec at a bandwidth.</summary>
    public (string Folder, IReadOnlyList<string> Files) Coded(IReadOnlyList<TestClip> clips, double? bandwidth)
    {
        using var model = SoundModel.Load(options.Model);
        var use = model.Config with { LatentBandwidth = bandwidth, RequantizeBandwidth = null };
        return Copies($"coded-{(bandwidth is { } rate ? $"{rate}" : "unquantised")}-{Mark(data.Dataset.Root, codecHash.Value, model.Codec.Config.ToJson())}", clips, (clip, index) => RoundTrip.Coded(clip, model.Codec, use, (ulong)index));
    }

    /// <summary>The test clips into a representation and back, at the level that it was trained at.</summary>
    public (string Folder, IReadOnlyList<string> Files) Copied(IReadOnlyList<TestClip> clips, Representation through)
    {
        var rate = EncodecConfig.Load(Path.Combine(options.Codec, "config.json")).SamplingRate;
        return Copies($"copies-{through.Name}-{Mark([data.Dataset.Root, $"{options.RepresentationSteps}", $"{options.Seed}"])}", clips, (clip, _) => RepresentationCopy.Of(clip, Load(through), rate));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var representation in representations.Values) representation.Dispose();
    }

    /// <summary>A short text that differs where any of the texts does.</summary>
    public static string Mark(params IEnumerable<string> texts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..10];

    private string BaseFolder() => Path.Combine(options.Shared, $"base-{Mark(Latents(), System.Text.Json.JsonSerializer.Serialize(data.Architecture.UNet), System.Text.Json.JsonSerializer.Serialize(options.Training), $"{options.Seed}")}");

    private static string Done(string folder) => Path.Combine(folder, "done.txt");
}

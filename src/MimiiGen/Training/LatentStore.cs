using System.Text.Json;
using MimiiGen.Captions;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// The latents of all training clips, encoded once and kept on disk: shapes of unit rms in half precision, levels, and which condition
/// each is of (<see cref="ConditionLevels"/>, <see cref="LatentShape"/>).
/// </summary>
internal sealed class LatentStore : IDisposable
{
    private LatentStore(Tensor[] shapes, ConditionLevels levels, StoreIndex index)
    {
        Shapes = shapes;
        Levels = levels;
        Conditions = index.Conditions;
        RowMeans = index.RowMeans;
        OutputRate = index.OutputRate;
    }

    /// <summary>Of each clip: (rows, frames), float16.</summary>
    public IReadOnlyList<Tensor> Shapes { get; }

    public ConditionLevels Levels { get; }

    public IReadOnlyList<KnownCondition> Conditions { get; }

    public float[] RowMeans { get; }

    /// <summary>Sample rate of the recordings.</summary>
    public int OutputRate { get; }

    /// <summary>Reads the store of a folder.</summary>
    public static LatentStore Read(string folder)
    {
        var index = ReadIndex(folder);
        var tensors = SafeTensors.Read(Path.Combine(folder, "latents.safetensors"));
        var shapes = Enumerable.Range(0, tensors.Count).Select(i => tensors[Name(i)].DetachFromDisposeScope()).ToArray();
        return new LatentStore(shapes, ConditionLevels.Read(Path.Combine(folder, SoundModel.LevelsFile)), index);
    }

    /// <summary>Encodes clips into a folder, unless that has been done; quantised at a bandwidth in kbit/s where one is given.</summary>
    /// <exception cref="BadInputException">The folder holds latents of another codec or bandwidth, or no clip can be used.</exception>
    public static void Encode(string folder, EncodecModel codec, string codecHash, double? bandwidth, IReadOnlyList<DatasetClip> clips, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        if (File.Exists(IndexPath(folder)))
        {
            var index = ReadIndex(folder);
            if (index.CodecSha256 is { } other && other != codecHash)
                throw new BadInputException($"{folder}: its latents were made by another codec (SHA-256 {other}); train with that one, or into another folder");
            if (index.Bandwidth != bandwidth)
                throw new BadInputException($"{folder}: its latents are {Quantized(index.Bandwidth)}, not {Quantized(bandwidth)}; train with those, or into another folder");
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var latents = new List<Tensor>();
        var sources = new List<TrainingClip>();
        foreach (var clip in TrainingClips.Read(clips, codec.Config.SamplingRate, warn))
        {
            stop.ThrowIfCancellationRequested();
            using var waveform = tensor(clip.Samples, [1, 1, clip.Samples.Length]);
            latents.Add(codec.Requantize(codec.Encode(waveform), bandwidth)[0]); // (rows, frames)
            sources.Add(clip with { Samples = [] });
            progress?.Report(new WorkProgress("encoding clips", latents.Count, clips.Count));
        }

        if (latents.Count == 0) throw new BadInputException("none of the clips can be used for training: see the lines above");
        var frames = latents.Sum(l => l.shape[1]);
        var rowMeans = latents.Select(l => l.sum(1)).Aggregate((a, b) => a + b).div(frames).data<float>().ToArray();
        var divide = new LatentShape(rowMeans);
        var conditions = sources.GroupBy(s => s.Source.Metadata.ConditionKey).OrderBy(g => g.Key, StringComparer.Ordinal).ToArray();
        var number = conditions.Select((g, i) => (g.Key, i)).ToDictionary(p => p.Key, p => p.i, StringComparer.Ordinal);
        var levels = new float[latents.Count][];
        var shapes = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var i = 0; i < latents.Count; i++)
        {
            var (shape, logRms) = divide.Divide(latents[i]);
            shapes[Name(i)] = shape.to(ScalarType.Float16);
            levels[i] = [(float)sources[i].LevelDb, .. logRms, .. sources[i].BandLevels];
        }

        SafeTensors.Write(Path.Combine(folder, "latents.safetensors"), shapes);
        new ConditionLevels(levels, [.. sources.Select(s => number[s.Source.Metadata.ConditionKey])], conditions.Length).Write(Path.Combine(folder, SoundModel.LevelsFile));
        var rate = MimiiGen.Audio.WavFile.ReadInfo(sources[0].Source.Path).SampleRate;
        var known = conditions.Select(g => new KnownCondition(g.First().Source.Metadata, CaptionTemplate.Write(g.First().Source.Metadata))).ToArray();
        AtomicFile.WriteText(IndexPath(folder), JsonSerializer.Serialize(new StoreIndex(known, rowMeans, rate, codecHash, bandwidth)));
    }

    public void Dispose()
    {
        foreach (var shape in Shapes) shape.Dispose();
    }

    private static StoreIndex ReadIndex(string folder) => JsonSerializer.Deserialize<StoreIndex>(File.ReadAllText(IndexPath(folder)))!;

    private static string IndexPath(string folder) => Path.Combine(folder, "latents.json");

    private static string Quantized(double? bandwidth) => bandwidth is null ? "unquantised" : $"quantised at {bandwidth} kbit/s";

    private static string Name(int clip) => $"{clip:000000}";

    private sealed record StoreIndex(IReadOnlyList<KnownCondition> Conditions, float[] RowMeans, int OutputRate, string? CodecSha256 = null, double? Bandwidth = null);
}

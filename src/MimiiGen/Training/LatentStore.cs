using System.Text.Json;
using MimiiGen.Audio;
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

        Encode(folder, Coded, codec.Config.SamplingRate, new StoreIndex([], [], 0, codecHash, bandwidth), clips, warn, progress, stop);

        Tensor Coded(float[] samples)
        {
            using var waveform = tensor(samples, [1, 1, samples.Length]);
            return codec.Requantize(codec.Encode(waveform), bandwidth)[0]; // (rows, frames)
        }
    }

    /// <summary>The same of latents that are no codec's.</summary>
    /// <param name="folder">The folder; one that holds latents already stays as it is.</param>
    /// <param name="encode">Samples at the rate to latents (rows, frames).</param>
    /// <param name="sampleRate">That rate in Hz.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="warn">Told of clips that can't be used.</param>
    /// <param name="progress">Clip by clip.</param>
    /// <param name="stop">Checked between clips.</param>
    /// <exception cref="BadInputException">No clip can be used.</exception>
    public static void Encode(string folder, Func<float[], Tensor> encode, int sampleRate, IReadOnlyList<DatasetClip> clips, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        if (!File.Exists(IndexPath(folder))) Encode(folder, encode, sampleRate, new StoreIndex([], [], 0), clips, warn, progress, stop);
    }

    private static void Encode(
        string folder, Func<float[], Tensor> encode, int sampleRate, StoreIndex index, IReadOnlyList<DatasetClip> clips, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var latents = new List<Tensor>();
        var sources = new List<TrainingClip>();
        foreach (var clip in TrainingClips.Read(clips, sampleRate, warn))
        {
            stop.ThrowIfCancellationRequested();
            latents.Add(encode(clip.Samples)); // (rows, frames)
            sources.Add(clip with { Samples = [] });
            progress?.Report(new WorkProgress("encoding clips", latents.Count, clips.Count));
        }

        if (latents.Count == 0) throw new BadInputException("none of the clips can be used for training: see the lines above");
        var rate = WavFile.ReadInfo(sources[0].Source.Path).SampleRate;
        Save(folder, latents, [.. sources.Select(s => s.Source.Metadata)], [.. sources.Select(s => new Loudness((float)s.LevelDb, s.BandLevels, s.Texture))], CaptionTemplate.Write, index with { OutputRate = rate });
    }

    /// <summary>
    /// Writes a store from another one, as if only some of its clips had been encoded and other things were known of them. Means, levels and conditions are those of
    /// these clips alone.
    /// </summary>
    /// <param name="source">Folder of the other.</param>
    /// <param name="target">Folder to write; one that holds latents already stays as it is.</param>
    /// <param name="known">What is known of a clip, from its number and its true metadata; null leaves it out.</param>
    /// <param name="caption">Its caption.</param>
    /// <param name="requantize">Codec and kbit/s of codes to send the latents through; null for none.</param>
    /// <exception cref="BadInputException">No clip is left.</exception>
    public static void Derive(string source, string target, Func<int, ClipMetadata, ClipMetadata?> known, Func<ClipMetadata, string> caption, (EncodecModel Codec, double Bandwidth)? requantize = null)
    {
        if (File.Exists(IndexPath(target))) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var store = Read(source);
        var index = ReadIndex(source);
        var join = new LatentShape(store.RowMeans);
        var (latents, metadata, levels) = (new List<Tensor>(), new List<ClipMetadata>(), new List<Loudness>());
        for (var i = 0; i < store.Shapes.Count; i++)
        {
            if (known(i, store.Conditions[store.Levels.Conditions[i]].Metadata) is not { } told) continue;
            var row = store.Levels.Of(i);
            var whole = join.Join(store.Shapes[i].to(ScalarType.Float32), row.AsSpan(1, store.Levels.Rows), exact: false); // (rows, frames)
            latents.Add(requantize is var (codec, bandwidth) ? codec.Requantize(whole.unsqueeze(0), bandwidth)[0] : whole);
            metadata.Add(told);
            levels.Add(new Loudness(row[0], row[(1 + store.Levels.Rows)..], store.Levels.TextureOf(i)));
        }

        if (latents.Count == 0) throw new BadInputException("no clip is left to train on");
        Save(target, latents, metadata, levels, caption, index with { Bandwidth = requantize?.Bandwidth ?? index.Bandwidth });
    }

    public void Dispose()
    {
        foreach (var shape in Shapes) shape.Dispose();
    }

    private static void Save(
        string folder, List<Tensor> latents, List<ClipMetadata> metadata, List<Loudness> loudness, Func<ClipMetadata, string> caption, StoreIndex index)
    {
        var frames = latents.Sum(l => l.shape[1]);
        var rowMeans = latents.Select(l => l.sum(1)).Aggregate((a, b) => a + b).div(frames).data<float>().ToArray();
        var divide = new LatentShape(rowMeans);
        var conditions = metadata.GroupBy(m => m.ConditionKey).OrderBy(g => g.Key, StringComparer.Ordinal).ToArray();
        var number = conditions.Select((g, i) => (g.Key, i)).ToDictionary(p => p.Key, p => p.i, StringComparer.Ordinal);
        var levels = new float[latents.Count][];
        var shapes = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var i = 0; i < latents.Count; i++)
        {
            var (shape, logRms) = divide.Divide(latents[i]);
            shapes[Name(i)] = shape.to(ScalarType.Float16);
            levels[i] = [loudness[i].LevelDb, .. logRms, .. loudness[i].Bands];
        }

        SafeTensors.Write(Path.Combine(folder, "latents.safetensors"), shapes);
        new ConditionLevels(levels, [.. metadata.Select(m => number[m.ConditionKey])], conditions.Length, Comparable([.. loudness.Select(l => l.Texture)])).Write(Path.Combine(folder, SoundModel.LevelsFile));
        var known = conditions.Select(g => new KnownCondition(g.First(), caption(g.First()))).ToArray();
        AtomicFile.WriteText(IndexPath(folder), JsonSerializer.Serialize(index with { Conditions = known, RowMeans = rowMeans }));
    }

    /// <summary>Textures of clips of one rate, none too short; null of others. Where some are too short for how their bands change, all are without it.</summary>
    private static FineTexture[]? Comparable(FineTexture?[] textures)
    {
        if (textures.Any(t => t?.Spectrum.Length != textures[0]?.Spectrum.Length) || textures.OfType<FineTexture>().ToArray() is not { Length: > 0 } all) return null;
        return all.All(t => t.Variation is not null) ? all : [.. all.Select(t => t with { Variation = null })];
    }

    private static StoreIndex ReadIndex(string folder) => JsonSerializer.Deserialize<StoreIndex>(File.ReadAllText(IndexPath(folder)))!;

    private static string IndexPath(string folder) => Path.Combine(folder, "latents.json");

    private static string Quantized(double? bandwidth) => bandwidth is null ? "unquantised" : $"quantised at {bandwidth} kbit/s";

    private static string Name(int clip) => $"{clip:000000}";

    /// <summary>What is kept of a clip beside its shape and its rows' levels (<see cref="ConditionLevels"/>).</summary>
    private sealed record Loudness(float LevelDb, float[] Bands, FineTexture? Texture);

    private sealed record StoreIndex(IReadOnlyList<KnownCondition> Conditions, float[] RowMeans, int OutputRate, string? CodecSha256 = null, double? Bandwidth = null);
}

using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>Reads the WAV files of a folder, looks for what is wrong with them, and embeds those that the cache doesn't know.</summary>
/// <param name="embedder">The embedding model.</param>
/// <param name="cacheFolder">Folder of <see cref="ClipCache"/>.</param>
/// <param name="channel">The channel to look at, counted from 0.</param>
public sealed class ClipReader(IClipEmbedder embedder, string cacheFolder, int channel = 0)
{
    /// <summary>How clips are brought to an embedding model's rate: a metric moves with its resampler, so it belongs beside every number.</summary>
    public const string Resampler = "Kaiser-windowed sinc, 64 zero crossings, rolloff 0.9476, beta 14.77 (kaiser_best)";

    private const int AtOnce = 8;

    private readonly ClipCache cache = new(cacheFolder, embedder, channel);

    /// <summary>All clips of a folder and the folders below it, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="side">What it is called in messages: real, generated.</param>
    /// <param name="progress">Told of each clip.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="BadInputException">No folder, no WAV files, or one that can't be embedded.</exception>
    public ScoredSet Read(string folder, string side, IProgress<WorkProgress>? progress = null, CancellationToken stop = default) => Read(folder, Names(folder, side), side, progress, stop);

    /// <summary>Some clips of a folder, in the order of their names as given.</summary>
    internal ScoredSet Read(string folder, string[] names, string side, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var clips = new ScoredClip?[names.Length];
        try
        {
            var hashes = InParallel.Select(names, name => FileHash.Sha256(Path.Combine(folder, name)), stop);
            for (var i = 0; i < names.Length; i++)
                if (cache.Find(hashes[i]) is var (facts, embedding))
                    clips[i] = new ScoredClip(names[i], Path.Combine(folder, names[i]), hashes[i], facts, embedding);
            var missing = Enumerable.Range(0, names.Length).Where(i => clips[i] is null).Chunk(AtOnce).ToArray();
            var done = names.Length - missing.Sum(m => m.Length);
            var next = missing.Length > 0 ? Prepare(missing[0]) : null;
            for (var m = 0; m < missing.Length; m++)
            {
                stop.ThrowIfCancellationRequested();
                var prepared = next!.GetAwaiter().GetResult();
                next = m + 1 < missing.Length ? Prepare(missing[m + 1]) : null; // the next ones are read while these are embedded
                var embeddings = embedder.Embed([.. prepared.Select(p => p.Samples)]);
                for (var i = 0; i < prepared.Length; i++)
                {
                    var at = missing[m][i];
                    clips[at] = new ScoredClip(names[at], Path.Combine(folder, names[at]), hashes[at], prepared[i].Facts, embeddings[i]);
                    cache.Keep(hashes[at], prepared[i].Facts, embeddings[i]);
                }

                progress?.Report(new WorkProgress($"embedding {side} clips", done += prepared.Length, names.Length));
            }

            return new ScoredSet(side, [.. clips.Select(c => c!)]);
        }
        catch
        {
            foreach (var clip in clips) clip?.Dispose();
            throw;
        }

        Task<(ClipFacts Facts, float[] Samples)[]> Prepare(int[] which) =>
            Task.Run(() => InParallel.Select(which, i => Load(Path.Combine(folder, names[i])), stop), stop);
    }

    /// <summary>The WAV files of a folder, by their paths below it.</summary>
    /// <exception cref="BadInputException">No folder, or none in it.</exception>
    internal static string[] Names(string folder, string side)
    {
        if (!Directory.Exists(folder)) throw new BadInputException($"{folder}: no such folder of {side} clips");
        string[] names =
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
                .Where(path => Path.GetExtension(path).Equals(".wav", StringComparison.OrdinalIgnoreCase))
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(StringComparer.Ordinal),
        ];
        return names.Length > 0 ? names : throw new BadInputException($"{folder}: the {side} side is empty, there are no WAV files in it");
    }

    private (ClipFacts Facts, float[] Samples) Load(string path)
    {
        var wave = WavFile.Read(path);
        if (channel >= wave.ChannelCount) throw new BadInputException($"{path} has {wave.ChannelCount} channels, there is no channel {channel} (counted from 0)");
        var samples = wave.Channel(channel);
        var check = WaveformCheck.Of(samples);
        if (!check.Silent) check.Require(path);
        var resampled = KaiserResampler.KaiserBest.Resample(samples, wave.SampleRate, embedder.SampleRate);
        var least = embedder.ShortestInput;
        if (resampled.Length < least)
            throw new BadInputException($"{path} lasts {wave.Seconds:0.###} s, {embedder.Name} needs at least {(double)least / embedder.SampleRate:0.###} s; give a longer recording");
        using var scope = torch.NewDisposeScope();
        return (new ClipFacts(wave.SampleRate, wave.ChannelCount, wave.Length, check.Silent, check.Clipped, AverageLevels.Of([Waveform.Mono(samples, wave.SampleRate)])), resampled);
    }
}

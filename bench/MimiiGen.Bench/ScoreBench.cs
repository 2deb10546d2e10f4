using System.Diagnostics;
using System.Globalization;
using MimiiGen.Audio;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>
/// What scoring takes: the log-mel spectrum of DCASE against torchaudio (Debian's python3-torchaudio) in the same run, the Fréchet distance of large sets with
/// the memory for it, and the whole of <c>score</c> on clips of 10 s, with an empty cache of embeddings and with a full one.
/// </summary>
internal static class ScoreBench
{
    private const int Rounds = 3;
    private const int Repeats = 200;
    private const int Rate = 16000;
    private const int Seconds = 10;

    public static IEnumerable<string> Run(int clips)
    {
        var noise = Noise(0);
        var logMel = LogMel.Dcase();
        for (var round = 0; round < Rounds; round++)
        {
            var ours = Work.Measure("ours", null, () => logMel.Compute(noise).Dispose(), seconds: 2).Seconds;
            yield return $"log-mel of DCASE, 10 s: {1e3 * ours:0.00} ms" + (Peer() is { } other
                ? $"; torchaudio {other.Version}: {1e3 * other.Seconds:0.00} ms; theirs / ours {other.Seconds / ours:0.00}"
                : "; no python3 with torchaudio to compare with");
        }

        yield return LargeFrechet();
        foreach (var line in Score(clips)) yield return line;
    }

    private static string LargeFrechet()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (randn(10_000, 2048), randn(10_000, 2048) * 1.1);
        var before = PeakMemory.Now;
        PeakMemory.Restart();
        var clock = Stopwatch.StartNew();
        var distance = FrechetDistance.Of(first, second);
        return $"Fréchet distance of 10,000 x 2,048 and as many: {clock.Elapsed.TotalSeconds:0.0} s, {(PeakMemory.Highest - before) / 1e9:0.00} GB beside the embeddings (value {distance:0.000})";
    }

    private static IEnumerable<string> Score(int clips)
    {
        var home = Directory.CreateTempSubdirectory("scorebench").FullName;
        try
        {
            foreach (var (side, seed) in new[] { ("real", 1), ("generated", clips + 1) })
                for (var i = 0; i < clips; i++) WavFile.Write(Path.Combine(Directory.CreateDirectory(Path.Combine(home, side)).FullName, $"{i:d5}.wav"), Waveform.Mono(Noise(seed + i), Rate));
            using var embedder = SoundEmbedder.Load(Runtime.ShippedFiles.Folder("models/efficientat-mn04"));
            var comparison = new SetComparison(embedder, new ScoreOptions { CacheFolder = Path.Combine(home, "cache") });
            foreach (var cache in new[] { "empty", "full" })
            {
                var clock = Stopwatch.StartNew();
                var result = comparison.Run(Path.Combine(home, "real"), Path.Combine(home, "generated"));
                var took = clock.Elapsed.TotalSeconds;
                yield return $"score, {clips} against {clips} clips of 10 s, EfficientAT, cache {cache}: {took:0.0} s, {(result.Real.Seconds + result.Generated.Seconds) / took:0} times faster than real time";
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static (double Seconds, string Version)? Peer()
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Runtime.ShippedFiles.Folder("bench/MimiiGen.Bench"), "log_mel.py"));
        start.ArgumentList.Add(get_num_threads().ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(Repeats.ToString(CultureInfo.InvariantCulture));
        if (!File.Exists(start.FileName)) return null;
        using var python = Process.Start(start)!;
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        if (python.ExitCode != 0) return null;
        var answer = output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), answer[1]);
    }

    private static float[] Noise(int seed)
    {
        var random = new Random(seed);
        var (memory, colour) = (0.0, 0.9 * random.NextDouble());
        return [.. Enumerable.Range(0, Rate * Seconds).Select(_ => (float)(0.3 * (memory = (colour * memory) + ((1 - colour) * (random.NextDouble() - 0.5)))))];
    }
}

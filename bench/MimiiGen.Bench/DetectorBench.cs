using System.Diagnostics;
using System.Globalization;
using MimiiGen.Audio;
using MimiiGen.Detection;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>
/// Fitting the DCASE auto-encoder to the feature vectors of many clips, against the same loop in Python's PyTorch (Debian's python3-torch), in turn in one run; and
/// the memory that it takes. Python runs with our number of threads and with one, and the faster counts: two threads of its BLAS and its own may stand in each other's way. Seconds of the clock, and of the processor, which others on the machine disturb less. The vectors are random: their values don't change the time.
/// </summary>
internal static class DetectorBench
{
    private const int VectorsOfAClip = 309; // 10 s at 16 kHz

    /// <param name="clips">Clips of 10 s.</param>
    /// <param name="epochs">Epochs of each measurement; the time of 100 is theirs times 100 over this.</param>
    /// <param name="rounds">Measurements of each, in turn.</param>
    public static IEnumerable<string> Run(int clips, int epochs, int rounds)
    {
        var count = clips * VectorsOfAClip;
        var (ours, theirs) = (new List<Timing>(), new List<Timing>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(Ours(count, epochs));
            if (new[] { get_num_threads(), 1 }.Distinct().Select(threads => Peer(count, epochs, threads)).OfType<Timing>().MinBy(t => t.Clock) is { } fastest) theirs.Add(fastest);
        }

        yield return Line($"{clips} clips, {count} vectors of 640, batches of 256, {get_num_threads()} threads: {Clock(ours) / epochs:0.00} s an epoch, {Clock(ours) / epochs * 100 / 60:0.0} min for 100; processor {Processor(ours) / epochs:0.00} s");
        yield return theirs.Count == 0 ? "no python3 with torch to compare with" : Line($"{theirs[^1].By}: {Clock(theirs) / epochs:0.00} s an epoch, processor {Processor(theirs) / epochs:0.00} s; theirs / ours {Clock(theirs) / Clock(ours):0.00}, by processor time {Processor(theirs) / Processor(ours):0.00}");
        yield return Whole(clips);
    }

    private static Timing Ours(int count, int epochs)
    {
        using var scope = NewDisposeScope();
        using var network = new AutoEncoder();
        var vectors = randn(count, 640);
        using var process = Process.GetCurrentProcess();
        var (clock, busy) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        new AutoEncoderTraining(Epochs: epochs).Train(network, vectors);
        process.Refresh();
        return new Timing(clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - busy).TotalSeconds, "ours");
    }

    private static Timing? Peer(int count, int epochs, int threads)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(Runtime.ShippedFiles.Folder("bench/MimiiGen.Bench"), "auto_encoder.py"), $"{threads}", $"{count}", $"{epochs}" }) start.ArgumentList.Add(argument);
        if (!File.Exists(start.FileName)) return null;
        using var python = Process.Start(start)!;
        python.ErrorDataReceived += (_, _) => { };
        python.BeginErrorReadLine();
        var answer = python.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        python.WaitForExit();
        return python.ExitCode == 0 ? new Timing(Number(answer[0]), Number(answer[1]), $"PyTorch {answer[3]}, {threads} threads") : null;
    }

    /// <summary>A whole fit of one epoch, from sound: how long the features take, and the most memory that it needs.</summary>
    private static string Whole(int clips)
    {
        var chance = new Random(0);
        Waveform[] sounds = [.. Enumerable.Range(0, clips).Select(_ => Waveform.Mono([.. Enumerable.Range(0, 160_000).Select(_ => (float)(0.1 * (chance.NextDouble() - 0.5)))], 16000))];
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
        using var detector = new AutoEncoderDetector(new AutoEncoderTraining(Epochs: 1));
        var (clock, learned) = (Stopwatch.StartNew(), 0.0);
        detector.Fit(sounds, new AtOnce(_ => learned = clock.Elapsed.TotalSeconds));
        return Line($"a whole fit of one epoch from {clips} sounds: {learned:0.0} s, then {clock.Elapsed.TotalSeconds - learned:0.0} s to score them; peak memory {Peak() / 1e9:0.00} GB, of which the sounds {clips * 160_000 * 4 / 1e9:0.00} GB");
    }

    private static double Clock(List<Timing> times) => Quantile.Of([.. times.Select(t => t.Clock)], 0.5);

    private static double Processor(List<Timing> times) => Quantile.Of([.. times.Select(t => t.Processor)], 0.5);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Peak() =>
        1024.0 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Timing(double Clock, double Processor, string By);

    private sealed class AtOnce(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}

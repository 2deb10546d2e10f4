using System.Diagnostics;
using System.Globalization;
using MimiiGen.Detection;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>
/// Fitting the DCASE auto-encoder to the feature vectors of many clips, against the same loop in Python's PyTorch (Debian's python3-torch), in turn in one run; and
/// the memory that it takes. Seconds of the clock, and of the processor, which others on the machine disturb less. The vectors are random: their values don't change the time.
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
        var (ours, theirs) = (new List<(double Clock, double Processor)>(), new List<(double Clock, double Processor)>());
        var peer = "";
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(Ours(count, epochs));
            if (Peer(count, epochs) is not { } other) continue;
            theirs.Add(other.Seconds);
            peer = other.Version;
        }

        yield return Line($"{clips} clips, {count} vectors of 640, batches of 256, {get_num_threads()} threads: {Clock(ours) / epochs:0.00} s an epoch, {Clock(ours) / epochs * 100 / 60:0.0} min for 100; processor {Processor(ours) / epochs:0.00} s");
        yield return theirs.Count == 0 ? "no python3 with torch to compare with" : Line($"PyTorch {peer}: {Clock(theirs) / epochs:0.00} s an epoch, processor {Processor(theirs) / epochs:0.00} s; theirs / ours {Clock(theirs) / Clock(ours):0.00}, by processor time {Processor(theirs) / Processor(ours):0.00}");
        yield return Line($"peak memory {Peak() / 1e9:0.00} GB, of which the vectors {count * 640.0 * 4 / 1e9:0.00} GB");
    }

    private static (double Clock, double Processor) Ours(int count, int epochs)
    {
        using var scope = NewDisposeScope();
        using var network = new AutoEncoder();
        var vectors = randn(count, 640);
        using var process = Process.GetCurrentProcess();
        var (clock, busy) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        new AutoEncoderTraining(Epochs: epochs).Train(network, vectors);
        process.Refresh();
        return (clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - busy).TotalSeconds);
    }

    private static ((double Clock, double Processor) Seconds, string Version)? Peer(int count, int epochs)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(Runtime.ShippedFiles.Folder("bench/MimiiGen.Bench"), "auto_encoder.py"), $"{get_num_threads()}", $"{count}", $"{epochs}" }) start.ArgumentList.Add(argument);
        if (!File.Exists(start.FileName)) return null;
        using var python = Process.Start(start)!;
        python.ErrorDataReceived += (_, _) => { };
        python.BeginErrorReadLine();
        var answer = python.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        python.WaitForExit();
        return python.ExitCode == 0 ? ((Number(answer[0]), Number(answer[1])), answer[3]) : null;
    }

    private static double Clock(List<(double Clock, double Processor)> times) => Quantile.Of([.. times.Select(t => t.Clock)], 0.5);

    private static double Processor(List<(double Clock, double Processor)> times) => Quantile.Of([.. times.Select(t => t.Processor)], 0.5);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Peak() =>
        1024.0 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

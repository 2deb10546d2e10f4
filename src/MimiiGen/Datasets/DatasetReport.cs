using System.Text.Encodings.Web;
using System.Text.Json;

namespace MimiiGen.Datasets;

/// <summary>What is in a dataset and what is wrong with it.</summary>
public sealed record DatasetReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The folder.</summary>
    public required string Root { get; init; }

    /// <summary>Name of the layout that was recognised.</summary>
    public required string Layout { get; init; }

    /// <summary>Files that can be used.</summary>
    public required int Recordings { get; init; }

    /// <summary>Channels of those files: each is a clip.</summary>
    public required int Clips { get; init; }

    /// <summary>Duration of all clips together, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Counts by machine, id, section, domain and signal-to-noise ratio.</summary>
    public required IReadOnlyList<MachineCount> Machines { get; init; }

    /// <summary>Number of recordings at each sample rate (Hz).</summary>
    public required IReadOnlyDictionary<int, int> SampleRates { get; init; }

    /// <summary>Number of recordings with each number of channels.</summary>
    public required IReadOnlyDictionary<int, int> Channels { get; init; }

    /// <summary>Durations in seconds.</summary>
    public required ValueRange? Durations { get; init; }

    /// <summary>Levels (rms) in dB below full scale, of clips that aren't silent; null where all are.</summary>
    public required ValueRange? Levels { get; init; }

    /// <summary>What is wrong with single recordings.</summary>
    public required IReadOnlyList<ClipProblem> Problems { get; init; }

    /// <summary>What is wrong with the whole.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>One JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The report for people, line by line.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"{Root}: {Layout}, {Recordings} recordings, {Clips} clips, {Seconds / 60:f1} min";
        var machineWidth = Machines.Select(m => m.Machine.Length).Append("machine".Length).Max();
        yield return $"{"machine".PadRight(machineWidth)}  id   section  domain  SNR dB  normal  abnormal  unlabelled  train   test";
        foreach (var m in Machines)
            yield return $"{m.Machine.PadRight(machineWidth)}  {m.Id ?? "-",-3}  {m.Section ?? "-",-7}  {m.Domain ?? "-",-6}  {m.SnrDb ?? "-",6}  {m.Normal,6}  {m.Abnormal,8}  {m.Unlabelled,10}  {m.Train,5}  {m.Test,5}";
        yield return $"sample rate: {string.Join(", ", SampleRates.Select(p => $"{p.Key} Hz ({p.Value})"))}";
        yield return $"channels:    {string.Join(", ", Channels.Select(p => $"{p.Key} ({p.Value})"))}";
        if (Durations is { } d) yield return $"duration:    {d.Smallest:f2} to {d.Largest:f2} s, median {d.Median:f2} s";
        if (Levels is { } l) yield return $"level:       {l.Smallest:f1} to {l.Largest:f1} dBFS, median {l.Median:f1} dBFS";
        foreach (var note in Notes) yield return $"note: {note}";
        yield return Problems.Count == 0 ? "no recording has a problem" : $"{Problems.Count} problems:";
        foreach (var problem in Problems) yield return $"  {problem.FileName} {problem.Message}";
    }
}

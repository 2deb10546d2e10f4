using System.Security.Cryptography;
using MimiiGen.Audio;

namespace MimiiGen.Datasets;

/// <summary>Reads every sample of a dataset once and says what is in it and what is wrong with it.</summary>
public static class DatasetCheck
{
    /// <summary>Five frames of 64 ms that overlap by half: the smallest input of the auto-encoder detector.</summary>
    public const double ShortestSeconds = 0.192;

    // half a step of 24 bits: below it there is no sound, only an offset or dither
    private const double SilenceDb = -140;

    /// <summary>Checks a folder. A recording that can't be used is reported; the others are still counted.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="layoutName">As for <see cref="DatasetReader.Read"/>.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="BadInputException">As for <see cref="DatasetReader.Read"/>.</exception>
    public static DatasetReport Check(string root, IProgress<double>? progress = null, string? layoutName = null, CancellationToken cancellation = default)
    {
        var badRows = new List<ClipProblem>();
        var dataset = DatasetReader.Read(root, skip: row => badRows.Add(new ClipProblem(row, ProblemKind.Unreadable, "(the row is left out)")), layoutName: layoutName);
        var recordings = dataset.Clips.GroupBy(c => c.FileName, StringComparer.Ordinal).Select(g => g.First()).ToArray();
        var done = 0;
        var listened = InParallel.Select(recordings, clip =>
        {
            var measured = Recording.Measure(clip);
            progress?.Report((double)Interlocked.Increment(ref done) / recordings.Length);
            return measured;
        }, cancellation);
        var good = listened.Where(r => r.Failure is null).ToArray();
        var duplicates = Duplicates(good).ToArray();
        var problems = dataset.LeftOut.Select(f => new ClipProblem(f.FileName, f.Kind, f.Reason)).Concat(dataset.Remarks).Concat(badRows)
            .Concat(listened.SelectMany(r => r.Problems()))
            .Concat(duplicates.Select(d => new ClipProblem(d.Later.Clip.FileName, ProblemKind.Duplicate, $"holds the same bytes as {d.First.Clip.FileName}")));
        return new DatasetReport
        {
            Root = dataset.Root,
            Layout = dataset.Layout,
            Recordings = good.Length,
            Clips = good.Sum(r => r.Info.Channels),
            Seconds = good.Sum(r => r.Info.Seconds * r.Info.Channels),
            Machines = [.. good.GroupBy(r => new MachineCount(r.Clip.Metadata.Machine, r.Clip.Metadata.Id, r.Clip.Metadata.SnrDb, 0, 0, 0, 0) { Section = r.Clip.Metadata.Section, Domain = r.Clip.Metadata.Domain }).Select(g => Count(g.Key, g))],
            SampleRates = Histogram(good.Select(r => r.Info.SampleRate)),
            Channels = Histogram(good.Select(r => r.Info.Channels)),
            Durations = ValueRange.Of(good.Select(r => r.Info.Seconds)),
            Levels = ValueRange.Of(good.SelectMany(r => r.LevelsDb).Where(l => l > SilenceDb)),
            Problems = [.. problems.OrderBy(p => p.FileName, StringComparer.Ordinal).ThenBy(p => p.Kind)],
            Notes = [.. Notes(good, duplicates)],
        };
    }

    private static MachineCount Count(MachineCount of, IEnumerable<Recording> recordings)
    {
        var clips = recordings.Select(r => r.Clip).ToArray();
        return of with
        {
            Normal = clips.Count(c => c.IsLabelled && !c.Metadata.Anomaly),
            Abnormal = clips.Count(c => c.IsLabelled && c.Metadata.Anomaly),
            Unlabelled = clips.Count(c => !c.IsLabelled),
            Train = clips.Count(c => c.Split == Split.Train),
            Test = clips.Count(c => c.Split == Split.Test),
        };
    }

    private static SortedDictionary<int, int> Histogram(IEnumerable<int> values) => new(values.CountBy(v => v).ToDictionary());

    /// <summary>Every recording but the first of those that hold the same bytes.</summary>
    private static IEnumerable<(Recording First, Recording Later)> Duplicates(IEnumerable<Recording> recordings) =>
        from twins in recordings.GroupBy(r => r.Hash, StringComparer.Ordinal)
        from later in twins.Skip(1)
        select (twins.First(), later);

    private static IEnumerable<string> Notes(Recording[] recordings, (Recording First, Recording Later)[] duplicates)
    {
        foreach (var machine in recordings.GroupBy(r => (r.Clip.Metadata.Machine, r.Clip.Metadata.Id, r.Clip.Metadata.Section)))
        {
            var name = $"{machine.Key.Machine} {machine.Key.Id}".TrimEnd() + (machine.Key.Section is { } section ? $" section {section}" : "");
            var labelled = machine.Where(r => r.Clip.IsLabelled).ToArray();
            if (labelled.Length > 0 && labelled.All(r => !r.Clip.Metadata.Anomaly)) yield return $"{name}: only normal clips, so no detector can be judged on it";
            if (labelled.Length > 0 && labelled.All(r => r.Clip.Metadata.Anomaly)) yield return $"{name}: only abnormal clips, so no detector can be trained on it";
            if (labelled.Length < machine.Count()) yield return $"{name}: {machine.Count() - labelled.Length} clips without a label, which can be scored and tell nothing of a detector";
            if (machine.Any(r => r.Clip.Split == Split.Test) && !machine.Any(r => r.Clip.Split == Split.Train)) yield return $"{name}: test clips and no training clips";
            if (machine.Any(r => r.Clip.Split == Split.Train) && !machine.Any(r => r.Clip.Split == Split.Test)) yield return $"{name}: training clips and no test clips";
            string[] domains = [.. machine.Select(r => r.Clip.Metadata.Domain).OfType<string>().Distinct()];
            if (domains.Length == 1) yield return $"{name}: clips of the {domains[0]} domain alone, so a shift of domain can't be judged";
            var rates = machine.Select(r => r.Info.SampleRate).Distinct().Order().ToArray();
            if (rates.Length > 1) yield return $"{name}: clips of {string.Join(" and ", rates.Select(r => $"{r} Hz"))}, which a detector can tell apart by the rate alone";
        }

        var leaks = duplicates.Count(d => d.First.Clip.Split is { } a && d.Later.Clip.Split is { } b && a != b);
        if (leaks > 0) yield return $"{leaks} test clips are also training clips under another name, so a result on them means little";
    }

    /// <summary>What one file sounds like.</summary>
    private sealed record Recording(DatasetClip Clip, WavInfo Info, double[] LevelsDb, string Hash, string? Failure)
    {
        public static Recording Measure(DatasetClip clip)
        {
            try
            {
                var info = WavFile.ReadInfo(clip.Path);
                using var stream = File.OpenRead(clip.Path);
                var hash = Convert.ToHexString(SHA256.HashData(stream));
                return new Recording(clip, info, [.. WavFile.Read(clip.Path).Channels.Select(LevelDb)], hash, null);
            }
            catch (Exception e) when (e is BadInputException or IOException)
            {
                return new Recording(clip, new WavInfo(0, 0, 0, default, 0, false), [], "", e.Message);
            }
        }

        public IEnumerable<ClipProblem> Problems()
        {
            if (Failure is not null)
            {
                yield return Problem(ProblemKind.Unreadable, Failure);
                yield break;
            }

            if (Info.Truncated) yield return Problem(ProblemKind.Truncated, $"ends early: {Info.Seconds:f2} s are there");
            if (Info.Seconds < ShortestSeconds) yield return Problem(ProblemKind.TooShort, $"is {Info.Seconds:f3} s long, at least {ShortestSeconds} s are needed");
            if (Info.Frames == 0) yield break;
            if (Channels(double.IsNaN) is { } broken) yield return Problem(ProblemKind.NotANumber, $"holds samples that are NaN or infinite{broken}");
            if (Channels(l => l <= SilenceDb) is { } silent) yield return Problem(ProblemKind.Silent, $"is silent{silent}");
        }

        private ClipProblem Problem(ProblemKind kind, string message) => new(Clip.FileName, kind, message);

        /// <summary>Names the channels of such a level; null where there is none, empty where it is the only one.</summary>
        private string? Channels(Func<double, bool> such)
        {
            var which = Enumerable.Range(0, LevelsDb.Length).Where(i => such(LevelsDb[i])).ToArray();
            if (which.Length == 0) return null;
            return LevelsDb.Length == 1 ? "" : $" in channel {string.Join(", ", which)}";
        }

        /// <summary>20 log10 of the rms; NaN where a sample is no finite number.</summary>
        private static double LevelDb(float[] samples)
        {
            var energy = 0.0;
            foreach (var sample in samples) energy += (double)sample * sample;
            return double.IsFinite(energy) ? 10 * Math.Log10(energy / samples.Length) : double.NaN;
        }
    }
}

using System.Globalization;

namespace MimiiGen.Cli.Framework;

/// <summary>
/// One line when a stage begins, one every ten seconds, one when it ends: for logs of batch jobs.
/// The time left follows from the stage's own speed so far.
/// </summary>
internal sealed class ProgressLines(TextWriter writer, TimeProvider clock) : IProgress<WorkProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Stage> stages = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public void Report(WorkProgress value)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            if (!stages.TryGetValue(value.Stage, out var stage)) stages[value.Stage] = stage = new Stage(now, value.Done);
            else if (stage.Ended || (!value.IsFinished && clock.GetElapsedTime(stage.Told, now) < Pause)) return;
            stage.Told = now;
            stage.Ended = value.IsFinished;
            writer.WriteLine(Line(value, stage, clock.GetElapsedTime(stage.Begin, now)));
        }
    }

    private static string Line(WorkProgress value, Stage stage, TimeSpan elapsed)
    {
        var line = value.Stage;
        if (value.Fraction is { } fraction) line += string.Create(CultureInfo.InvariantCulture, $" {100 * fraction:f0} %");
        if (value.Note is not null) line += $", {value.Note}";
        var gained = value.Done - stage.First;
        if (value.IsFinished) line += $", took {Words(elapsed)}";
        else if (value.Total > 0 && gained > 0) line += $", {Words(elapsed * ((value.Total - value.Done) / gained))} left";
        return line;
    }

    private static string Words(TimeSpan time) =>
        time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes}:{time.Seconds:00} min" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:f0} s");

    private sealed class Stage(long begin, double first)
    {
        public long Begin { get; } = begin;

        /// <summary>What was done already at the first report: more than 0 where work is resumed.</summary>
        public double First { get; } = first;

        public long Told { get; set; } = begin;

        public bool Ended { get; set; }
    }
}

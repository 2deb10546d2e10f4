using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>One bar a stage, on a terminal.</summary>
internal sealed class ProgressBars(ProgressContext context) : IProgress<WorkProgress>
{
    private readonly Dictionary<string, ProgressTask> tasks = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public void Report(WorkProgress value)
    {
        lock (gate)
        {
            if (!tasks.TryGetValue(value.Stage, out var task)) tasks[value.Stage] = task = context.AddTask(value.Stage);
            task.IsIndeterminate = value.Fraction is null;
            task.MaxValue = value.Total > 0 ? value.Total : 1;
            task.Value = value.Total > 0 ? value.Done : 0;
            task.Description = Markup.Escape(value.Note is null ? value.Stage : $"{value.Stage}: {value.Note}");
        }
    }
}

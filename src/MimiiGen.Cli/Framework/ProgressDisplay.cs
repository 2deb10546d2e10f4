using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>Runs work and shows on stderr how far it is: bars with the time left on a terminal, a line now and then otherwise.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(TextWriter error, Func<IProgress<WorkProgress>, Action<string>, T> work)
    {
        if (!Application.IsTerminal(error))
            return await Task.Run(() => work(new ProgressLines(error, TimeProvider.System), error.WriteLine));
        var console = Application.ConsoleFor(error);
        return await console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => Task.Run(() => work(new ProgressBars(context), line => console.MarkupLineInterpolated($"{line}"))));
    }
}

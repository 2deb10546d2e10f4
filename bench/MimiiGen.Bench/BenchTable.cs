using Spectre.Console;
using TorchSharp;

namespace MimiiGen.Bench;

/// <summary>Prints times with their ratio to the plain matrix product of the same run, and to the peers of the same run.</summary>
internal static class BenchTable
{
    /// <param name="measurements">One a row.</param>
    /// <param name="matmul">GFLOP/s of the matrix product.</param>
    public static void Show(IReadOnlyList<Measurement> measurements, double matmul)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("work", "seconds", "runs", "GFLOP/s", "of matmul");
        for (var column = 1; column < table.Columns.Count; column++) table.Columns[column].RightAligned();
        foreach (var m in measurements)
            table.AddRow(Markup.Escape(m.Name), $"{m.Seconds:g3}", $"{m.Runs}", $"{m.Gigaflops:f0}", $"{m.Gigaflops / matmul:f2}");
        AnsiConsole.Write(table);
    }

    /// <param name="comparisons">One a row.</param>
    /// <param name="peers">Who they were compared with; a ratio above 1 says how many times faster ours is.</param>
    /// <param name="matmul">GFLOP/s of the matrix product.</param>
    public static void Show(IReadOnlyList<Comparison> comparisons, IReadOnlyList<IPeer> peers, double matmul)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(["work", "seconds", "GFLOP/s", "of matmul", .. peers.SelectMany(p => new[] { p.Name, "ratio" })]);
        for (var column = 1; column < table.Columns.Count; column++) table.Columns[column].RightAligned();
        foreach (var (work, seconds, times) in comparisons)
        {
            var speed = work.Operations / seconds / 1e9;
            table.AddRow([work.Name, $"{seconds:g3}", $"{speed:f0}", $"{speed / matmul:f2}", .. times.SelectMany(t => new[] { $"{t:g3}", t is null ? "" : $"{t / seconds:f2}" })]);
        }

        AnsiConsole.Write(table);
    }

    public static void ShowMachine(double before, double after) => AnsiConsole.WriteLine(
        $"{Environment.ProcessorCount} cores, {torch.get_num_threads()} threads, libtorch {torch.__version__}; matmul 1024 x 1024: {before:f0} GFLOP/s before, {after:f0} after");
}

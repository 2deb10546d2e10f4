using Spectre.Console;
using TorchSharp;

namespace MimiiGen.Bench;

/// <summary>Prints measurements with their ratio to the plain matrix product of the same run.</summary>
internal static class BenchTable
{
    /// <param name="measurements">One a row; the ratio is to the mean of the two matrix products.</param>
    /// <param name="before">GFLOP/s of the matrix product before the measurements.</param>
    /// <param name="after">The same after them.</param>
    public static void Show(IReadOnlyList<Measurement> measurements, double before, double after)
    {
        var yardstick = (before + after) / 2;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("work", "seconds", "runs", "GFLOP/s", "of matmul");
        for (var column = 1; column < table.Columns.Count; column++) table.Columns[column].RightAligned();
        table.AddRow("matmul 1024 x 1024, before", "", "", $"{before:f0}", $"{before / yardstick:f2}");
        table.AddRow("matmul 1024 x 1024, after", "", "", $"{after:f0}", $"{after / yardstick:f2}");
        foreach (var m in measurements)
            table.AddRow(Markup.Escape(m.Name), $"{m.Seconds:g3}", $"{m.Runs}", $"{m.Gigaflops:f0}", $"{m.Gigaflops / yardstick:f2}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{Environment.ProcessorCount} cores, {torch.get_num_threads()} threads, libtorch {torch.__version__}");
    }
}

using MimiiGen.Evaluation;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>The result of the bandwidth study for a terminal: one table a machine.</summary>
internal static class BandwidthTable
{
    public static void Show(IAnsiConsole console, BandwidthResult result)
    {
        foreach (var machine in result.Rows.GroupBy(r => $"{r.Machine} {r.Id}"))
        {
            var bands = machine.First().Fidelity.BandErrorDb.Keys.ToArray();
            var table = new Table().Border(TableBorder.Rounded).AddColumns("kbit/s", "SNR dB", "level dB");
            foreach (var band in bands) table.AddColumn(band < 1000 ? $"{band} Hz" : $"{band / 1000} kHz");
            table.AddColumns("log-mel dB", "AUC", "difference", "normals, coded or not");
            table.Title = new TableTitle(Markup.Escape($"{machine.Key}: through the codec of '{result.Model}'; AUC of the originals {Words(result.RealAuc[machine.Key])}"));
            foreach (var row in machine)
                table.AddRow([
                    row.Bandwidth is { } rate ? $"{rate:0.#}" : "not quantised",
                    $"{row.Fidelity.SnrDb:0.0}",
                    $"{row.Fidelity.LevelErrorDb:0.00}",
                    .. bands.Select(band => $"{row.Fidelity.BandErrorDb[band]:0.00}"),
                    $"{row.Fidelity.LogMelErrorDb:0.00}",
                    Words(row.Auc),
                    $"{row.AucDifference.Estimate:+0.00;-0.00;0.00} ({row.AucDifference.Low:+0.00;-0.00;0.00} to {row.AucDifference.High:+0.00;-0.00;0.00})",
                    Words(row.NormalAuc),
                ]);
            console.Write(table);
        }

        console.WriteLine("Errors are absolute, means over the test clips; intervals are 95 %. Right would be: errors 0, difference 0, coded normals against the originals 0.5.");
    }

    private static string Words(Interval interval) => $"{interval.Estimate:0.00} ({interval.Low:0.00} to {interval.High:0.00})";
}

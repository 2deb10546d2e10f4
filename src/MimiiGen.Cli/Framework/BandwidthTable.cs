using MimiiGen.Evaluation;
using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>The result of the bandwidth study for a terminal: two tables a machine.</summary>
internal static class BandwidthTable
{
    public static void Show(IAnsiConsole console, BandwidthResult result)
    {
        foreach (var machine in result.Rows.GroupBy(r => $"{r.Machine} {r.Id}"))
        {
            console.Write(Fidelity($"{machine.Key} through the codec of '{result.Model}': errors in dB, means over the test clips", [.. machine]));
            console.Write(Detector($"What a detector makes of it; AUC of the originals {Words(result.RealAuc[machine.Key])}", [.. machine]));
        }

        console.WriteLine("Errors are absolute; intervals are 95 %. Right would be: errors 0, difference 0, coded normals against the originals 0.5.");
    }

    private static Table Fidelity(string title, IReadOnlyList<BandwidthRow> rows)
    {
        var bands = rows[0].Fidelity.BandErrorDb.Keys.ToArray();
        var table = new Table { Title = new TableTitle(Markup.Escape(title)) }.Border(TableBorder.Rounded).AddColumns("kbit/s", "SNR", "level");
        foreach (var band in bands) table.AddColumn(band < 1000 ? $"{band} Hz" : $"{band / 1000} kHz");
        table.AddColumn("log-mel");
        foreach (var row in rows)
            table.AddRow([
                Rate(row),
                $"{row.Fidelity.SnrDb:0.0}",
                $"{row.Fidelity.LevelErrorDb:0.00}",
                .. bands.Select(band => $"{row.Fidelity.BandErrorDb[band]:0.00}"),
                $"{row.Fidelity.LogMelErrorDb:0.00}",
            ]);
        return table;
    }

    private static Table Detector(string title, IReadOnlyList<BandwidthRow> rows)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)) }.Border(TableBorder.Rounded).AddColumns("kbit/s", "AUC", "difference", "coded normals, originals");
        foreach (var row in rows)
            table.AddRow(
                Rate(row),
                Words(row.Auc),
                $"{row.AucDifference.Estimate:+0.00;-0.00;0.00} ({row.AucDifference.Low:+0.00;-0.00;0.00} to {row.AucDifference.High:+0.00;-0.00;0.00})",
                Words(row.NormalAuc));
        return table;
    }

    private static string Rate(BandwidthRow row) => row.Bandwidth is { } rate ? $"{rate:0.#}" : "none";

    private static string Words(Interval interval) => $"{interval.Estimate:0.00} ({interval.Low:0.00} to {interval.High:0.00})";
}

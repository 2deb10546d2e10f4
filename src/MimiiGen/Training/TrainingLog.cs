using System.Globalization;
using MimiiGen.Checkpoints;

namespace MimiiGen.Training;

/// <summary>The table <c>log.csv</c> of a codec's run: one line a validation.</summary>
internal sealed class TrainingLog(string path)
{
    private const string Header = "stage,step,seconds,losses,snr_db,spectral,log_mel_db,codebook_use,63,125,250,500,1000,2000,4000,8000";

    /// <summary>Drops the lines of a stage after a step, and a torn last line: what a run that is resumed will write again.</summary>
    public void GoBackTo(string stage, long step)
    {
        if (!File.Exists(path)) return;
        var whole = File.ReadAllText(path);
        var lines = whole[..(whole.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        AtomicFile.WriteText(path, string.Concat(lines.Where(l => !IsAfter(l.Split(','), stage, step)).Select(l => l + "\n")));
    }

    /// <summary>Adds a line.</summary>
    public void Add(string stage, long step, TimeSpan elapsed, IReadOnlyDictionary<string, double> losses, CodecValidation validation)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0) File.WriteAllText(path, Header + "\n");
        var use = validation.CodebookUse is { } share ? share.ToString("0.000", CultureInfo.InvariantCulture) : "";
        var terms = string.Join(' ', losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key}={l.Value:g4}")));
        var bands = string.Join(',', validation.BandErrorDb.Select(b => b.ToString("0.00", CultureInfo.InvariantCulture)));
        File.AppendAllText(path, string.Create(
            CultureInfo.InvariantCulture,
            $"{stage},{step},{elapsed.TotalSeconds:0},{terms},{validation.SnrDb:0.00},{validation.SpectralDistance:0.0000},{validation.LogMelDb:0.000},{use},{bands}\n"));
    }

    private static bool IsAfter(string[] cells, string stage, long step) =>
        cells[0] == stage && long.TryParse(cells[1], CultureInfo.InvariantCulture, out var written) && written > step;
}

using System.Globalization;
using System.Text;
using MimiiGen.Checkpoints;
using MimiiGen.Datasets;

namespace MimiiGen.Evaluation.Report;

/// <summary>The result as tables for a spreadsheet: detectors.csv, a row for each machine and detector, and scores.csv, a row for each clip.</summary>
public static class ResultTables
{
    /// <summary>Writes both into a folder.</summary>
    public static void Write(string folder, EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var detectors = new StringBuilder("machine,id,detector,auc_real,auc_generated,auc_mixed,auc_swapped,pauc_real,pauc_generated,auc_difference,low,high,delong_low,delong_high,"
            + "wasserstein_normal,wasserstein_anomaly,jensen_shannon_normal,jensen_shannon_anomaly,kolmogorov_smirnov_normal,kolmogorov_smirnov_anomaly,failure\n");
        var scores = new StringBuilder("machine,id,detector,clips,file_name,score\n");
        foreach (var machine in result.Machines)
            foreach (var detector in machine.Detectors)
            {
                var head = string.Join(',', new[] { machine.Machine, machine.Id, detector.Detector }.Select(CsvTable.Field));
                double?[] numbers = detector.Outcome is not { } o ? new double?[17] :
                [
                    o.Real.Auc.Estimate, o.Generated.Auc.Estimate, o.Mixed.Auc.Estimate, o.Swapped.Auc.Estimate, o.Real.Pauc.Estimate, o.Generated.Pauc.Estimate,
                    o.AucDifference.Estimate, o.AucDifference.Low, o.AucDifference.High, o.AucDifferenceDelong.Low, o.AucDifferenceDelong.High,
                    o.NormalScores.Wasserstein, o.AnomalyScores.Wasserstein, o.NormalScores.JensenShannon, o.AnomalyScores.JensenShannon, o.NormalScores.KolmogorovSmirnov, o.AnomalyScores.KolmogorovSmirnov,
                ];
                detectors.Append($"{head},{string.Join(',', numbers.Select(Number))},{CsvTable.Field(detector.Failure ?? "")}\n");
                if (detector.Outcome is not { Scores: var groups }) continue;
                foreach (var (name, clips) in new[] { ("real normal", groups.RealNormal), ("real anomaly", groups.RealAnomaly), ("generated normal", groups.GeneratedNormal), ("generated anomaly", groups.GeneratedAnomaly) })
                    foreach (var clip in clips) scores.Append($"{head},{name},{CsvTable.Field(clip.Clip)},{Number(clip.Score)}\n");
            }

        AtomicFile.WriteText(Path.Combine(folder, "detectors.csv"), detectors.ToString());
        AtomicFile.WriteText(Path.Combine(folder, "scores.csv"), scores.ToString());
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}

using System.Diagnostics;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Experiments.Reporting;
using MimiiGen.Generation;
using TorchSharp;

namespace MimiiGen.Experiments;

/// <summary>
/// Runs a study from data to report: looks whether the data can answer it, plans what the budget pays for from the speed of the first steps, runs every arm with
/// every seed, each to a record of its own so that a study that was stopped goes on behind it, and writes results.json, table.csv, report.md and figures.
/// </summary>
/// <param name="study">What is asked.</param>
/// <param name="options">How.</param>
/// <param name="warn">Told of what is left out.</param>
/// <param name="progress">By stage.</param>
/// <param name="stop">Stops between steps and clips.</param>
public sealed class StudyRun(Study study, StudyOptions options, Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
{
    private readonly string folder = Path.Combine(options.Out, study.Name);

    /// <summary>Runs it, or goes on with it.</summary>
    /// <exception cref="BadInputException">The data can't answer the question, or the folder was begun with other options.</exception>
    public StudyResult Run()
    {
        if (options.Seeds < 2) throw new BadInputException($"{options.Seeds} seeds: at least 2 are needed to tell a difference from chance");
        var clock = Stopwatch.StartNew();
        var data = StudyData.Read(options, warn, stop);
        var arms = study.Arms(data);
        using var model = SoundModel.Load(options.Model, options.Device);
        using var shared = new SharedParts(data, warn, progress, stop);
        var planned = new Planning(data, shared, model, warn, progress, stop);
        var plan = StudyPlan.ReadOrMake(Path.Combine(folder, "plan.json"), Asked(data, arms), () => planned.Make(arms, Path.Combine(folder, "pilot"), clock));
        using var judge = new Judge(data, progress, stop);
        var clips = new ArmClips(data, shared, plan, folder, warn, progress, stop);
        var records = new List<ArmRecord>();
        Arm[] all = [.. Arm.Bounds(model.Config.LatentBandwidth), .. arms];
        for (var a = 0; a < all.Length; a++)
            for (var s = 0; s < options.Seeds; s++)
            {
                stop.ThrowIfCancellationRequested();
                records.Add(Record(all[a], (options.Seed * 1000) + (ulong)s, clips, judge, data));
                progress?.Report(new WorkProgress($"study {study.Name}", (a * options.Seeds) + s + 1, all.Length * options.Seeds, all[a].Name));
            }

        var result = new StudyResult
        {
            Study = study.Name,
            Question = study.Question,
            Findings = Findings.Of(study.Told, records),
            Seen = Findings.Seen(study.Told, records),
            Limits = study.Limits,
            Notes = data.Notes,
            Summary = SummaryTable.Of(records),
            Told = [.. study.Told.Select(m => m.Name)],
            Tables = study.Tables(data, records),
            Figures = StudyFigures.Draw(folder, study.Told, records, study.Axis),
            Records = records,
            Plan = plan,
            Settings = Settings(model, judge, records),
        };
        StudyFile.Write(Path.Combine(folder, "results.json"), result);
        AtomicFile.WriteText(Path.Combine(folder, "table.csv"), result.Summary.ToCsv());
        AtomicFile.WriteText(Path.Combine(folder, "report.md"), StudyPage.Of(result));
        return result;
    }

    private ArmRecord Record(Arm arm, ulong seed, ArmClips clips, Judge judge, StudyData data)
    {
        var path = Path.Combine(folder, "records", $"{ArmClips.FileName(arm)}-{seed}.json");
        if (File.Exists(path)) return StudyFile.ReadRecord(path);
        var clock = Stopwatch.StartNew();
        var made = clips.Of(arm, seed);
        var (measures, faults) = judge.Of(made, arm.Detector);
        var record = new ArmRecord
        {
            Arm = arm.Name,
            What = arm.What,
            Kind = arm.Kind,
            Seed = seed,
            Position = arm.Position,
            Clips = made.Real.Count,
            Measures = [.. measures, .. study.Further(arm, made, data)],
            Faults = faults,
            TrainingClips = made.TrainingClips,
            Sampling = made.Sampling,
            WeightsSha256 = made.WeightsSha256,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
        };
        StudyFile.Write(path, record);
        return record;
    }

    /// <summary>What a plan and its records are for.</summary>
    private string Asked(StudyData data, IReadOnlyList<Arm> arms) =>
        $"{study.Name} on {data.Dataset.Root}, budget {options.Budget.TotalSeconds:0} s, seed {options.Seed}, model {Path.GetFullPath(options.Model)}, arms {string.Join(", ", arms.Select(a => a.Name))}";

    private StudySettings Settings(SoundModel model, Judge judge, IReadOnlyList<ArmRecord> records) => new(
        options.Command,
        typeof(StudyRun).Assembly.GetName().Version!.ToString(3),
        Path.GetFullPath(options.Data),
        Path.GetFullPath(options.Model),
        options.Budget.TotalSeconds,
        options.Seeds,
        options.Seed,
        $"{options.DetectorEpochs} epochs, mean score of {options.DetectorSeeds} seeds",
        judge.Embedding,
        ClipReader.Resampler,
        torch.__version__,
        model.Device.ToString(),
        torch.get_num_threads(),
        records.Sum(r => r.Seconds));
}

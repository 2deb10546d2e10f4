using System.Text;
using MimiiGen.Checkpoints;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments.Reporting;

/// <summary>A study's report as a page of Markdown, and several of them as one.</summary>
public static class StudyPage
{
    private static readonly string[] Costs = [Metric.Seconds.Name, Metric.Parameters.Name, Metric.TrainingSteps.Name];

    /// <summary>The report of one study, its figures beside it.</summary>
    public static string Of(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return $"# {result.Study}: {result.Question}\n\n{Body(result, "")}";
    }

    /// <summary>Writes one page of the studies of a folder, in their own order, with the figures beside it.</summary>
    /// <param name="runs">Folder of studies, each with its results.json.</param>
    /// <param name="target">The Markdown file; figures go into a folder of its name beside it.</param>
    /// <returns>The names of the studies that are in it.</returns>
    /// <exception cref="BadInputException">There are no results.</exception>
    public static IReadOnlyList<string> Write(string runs, string target)
    {
        StudyResult[] results = [.. Study.All.Select(s => Path.Combine(runs, s.Name, "results.json")).Where(File.Exists).Select(StudyFile.Read)];
        if (results.Length == 0) throw new BadInputException($"{runs}: holds no results of a study; run one with mimiigen experiment NAME --out {runs}");
        var figures = Path.GetFileNameWithoutExtension(target);
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, figures);
        Directory.CreateDirectory(folder);
        var text = new StringBuilder(Introduction(results));
        foreach (var result in results)
        {
            foreach (var figure in result.Figures) File.Copy(Path.Combine(runs, result.Study, figure.File), Path.Combine(folder, $"{result.Study}-{figure.File}"), overwrite: true);
            text.Append($"\n## {result.Study}: {result.Question}\n\n{Body(result, $"{figures}/{result.Study}-")}");
        }

        AtomicFile.WriteText(target, text.ToString());
        return [.. results.Select(r => r.Study)];
    }

    private static string Introduction(StudyResult[] results) => $"""
        # The paper's experiments and open questions

        Written by `mimiigen experiment page` from the `results.json` of each study; `scripts/run-experiments.sh` runs them all and writes this page. Each number is a mean over
        seeds with its 95 % interval over seeds and clips. **Real halves** are one half of the real test clips against the other: what the number is where nothing is
        generated, with half the clips (a distance such as FAD is larger the fewer clips there are). **Codec alone** are the real test clips sent once through the codec: what a perfect
        generator would have. A difference between arms is called seen where its interval, for all comparisons of a sentence together, does not hold zero.

        The clips are few, so that only large differences can be seen: "no difference seen" never means that there is none.

        Missing here: {Missing(results)}.

        | study | question | differences that were seen |
        | --- | --- | --- |
        {string.Join('\n', results.Select(r => $"| {r.Study} | {r.Question} | {(r.Seen.Count > 0 ? string.Join("<br>", r.Seen) : $"none in {string.Join(", ", r.Told)}")} |"))}

        """.ReplaceLineEndings("\n");

    private static string Missing(StudyResult[] results) =>
        Study.All.Select(s => s.Name).Except(results.Select(r => r.Study)).ToArray() is { Length: > 0 } names ? string.Join(", ", names) : "nothing";

    private static string Body(StudyResult result, string figures)
    {
        var text = new StringBuilder();
        foreach (var finding in result.Findings.SkipLast(1)) text.Append($"- {finding}\n");
        text.Append($"\n{result.Findings[^1]} **What it does not show:** {result.Limits}\n\n");
        foreach (var note in result.Notes) text.Append($"*{note}*\n\n");
        foreach (var figure in result.Figures) text.Append($"![{figure.Caption}]({figures}{figure.File})\n\n");
        foreach (var table in result.Tables.Prepend(result.Summary.Only([result.Summary.Columns[0], .. result.Told, .. Costs]))) text.Append($"{table.Title}:\n\n{table.ToMarkdown()}\n");
        text.Append($"<details><summary>All that was measured</summary>\n\n{result.Summary.ToMarkdown()}\n</details>\n\n");
        var (plan, settings) = (result.Plan, result.Settings);
        text.Append($"`{settings.Command}`; {settings.Seconds / 60:0.0} minutes on {settings.Device} with {settings.Threads} threads; {plan.ClipsPerClass} test clips of each class, ");
        text.Append(plan.TrainingSteps > 0 ? $"{plan.TrainingSteps} training steps at {plan.SecondsPerStep.Values.First():0.00} s" : "no training");
        text.Append(plan.BaseSteps > 0 ? $", base of {plan.BaseSteps} steps.\n" : ".\n");
        return text.ToString();
    }
}

using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Experiments.Reporting;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen experiment page</c>: the studies of a folder on one page.</summary>
internal sealed class ExperimentPageVerb : Verb
{
    private readonly Option<string> runs = new("--runs") { Description = "Folder of studies, as their --out", HelpName = "folder", DefaultValueFactory = _ => "out/experiments" };
    private readonly Option<string> target = new("--out") { Description = "Markdown file; figures go into a folder of its name beside it", HelpName = "file", DefaultValueFactory = _ => "out/experiments/experiments.md" };

    public ExperimentPageVerb()
        : base("page", "Writes one page of the studies that have been run, from their results.", "mimiigen experiment page --runs out/experiments --out docs/experiments.md")
    {
        Options.Add(runs);
        Options.Add(target);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var file = arguments.GetValue(target)!;
        var studies = StudyPage.Write(arguments.GetValue(runs)!, file);
        return new VerbResult(new { file, studies }, console => console.WriteLine($"{studies.Count} studies on {file}: {string.Join(", ", studies)}"));
    }
}

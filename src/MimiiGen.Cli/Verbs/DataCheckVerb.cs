using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen data check DIR</c>: what is in a dataset, and what is wrong with it.</summary>
internal sealed class DataCheckVerb : Verb
{
    private readonly Argument<string> folder = new("DIR") { Description = "Folder of the dataset" };

    private readonly Option<string?> layout = LayoutOption.Create();

    public DataCheckVerb()
        : base(
            "check",
            "Tells what is in a dataset and what is wrong with it; ends with 1 where a recording has a problem.",
            "mimiigen data check samples",
            "mimiigen data check /data/mimii --json > report.json")
    {
        Arguments.Add(folder);
        Options.Add(layout);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var report = DatasetCheck.Check(
            arguments.GetRequiredValue(folder), new StageProgress("Reading recordings", context.Progress), arguments.GetValue(layout), context.Cancellation);

        // written past the console, which would break long paths at its width
        return new VerbResult(report, console => console.Profile.Out.Writer.WriteLine(string.Join(Environment.NewLine, report.Lines())))
        {
            ExitCode = report.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed,
        };
    }
}

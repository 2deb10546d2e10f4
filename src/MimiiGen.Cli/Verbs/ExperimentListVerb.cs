using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Experiments;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen experiment list</c>: what each study answers and costs.</summary>
internal sealed class ExperimentListVerb() : Verb("list", "Lists the studies: what each answers, compares, needs and costs.", "mimiigen experiment list")
{
    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var studies = Study.All.Select(s => new { s.Name, s.Question, s.Compared, s.Needs, s.Cost }).ToArray();
        return new VerbResult(new { studies }, console =>
        {
            var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators().AddColumns("name", "question", "compared", "needs", "its time goes into");
            foreach (var study in studies) table.AddRow(Markup.Escape(study.Name), Markup.Escape(study.Question), Markup.Escape(study.Compared), Markup.Escape(study.Needs), Markup.Escape(study.Cost));
            console.Write(table);
        });
    }
}

using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Runtime;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen doctor</c>: what this machine can do, what is missing, and how to mend it.</summary>
internal sealed class DoctorVerb() : Verb(
    "doctor",
    "Tells what this machine can do, what is missing, and how to mend it.",
    "mimiigen doctor",
    "mimiigen doctor --device cuda --json")
{
    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var findings = MachineCheck.Run(context.Device);
        return new VerbResult(new { findings }, console => Show(console, findings))
        {
            ExitCode = findings.All(f => f.IsWell) ? ExitCode.Done : ExitCode.Failed,
        };
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.Columns[0].NoWrap = true;
        foreach (var finding in findings)
        {
            var value = finding.IsWell ? Markup.Escape(finding.Value) : $"{Markup.Escape(finding.Value)}\n[yellow]to mend: {Markup.Escape(finding.Remedy!)}[/]";
            table.AddRow($"[bold]{Markup.Escape(finding.Subject)}[/]", value);
        }

        console.Write(table);
    }
}

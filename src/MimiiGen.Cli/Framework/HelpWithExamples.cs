using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MimiiGen.Cli.Framework;

/// <summary>The usual help, and below it the examples of the verb (of all verbs, for the program or a group).</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesOf(parseResult.CommandResult.Command)) output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCode.Done;
    }

    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is Verb verb ? verb.Examples : command.Subcommands.SelectMany(c => ExamplesOf(c).Take(1));
}

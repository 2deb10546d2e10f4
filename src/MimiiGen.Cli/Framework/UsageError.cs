using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace MimiiGen.Cli.Framework;

/// <summary>Says in one line what is wrong with a command line and where to read how it goes.</summary>
internal static partial class UsageError
{
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult;
        var what =
            parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no {(command.Command is Verb ? "option or argument" : "verb")} here."
            : command.Command is not Verb ? "A verb is missing."
            : ChoiceName().Replace(TypeName().Replace(parsed.Errors[0].Message, match => match.Groups[1].Value is "Double" or "Single" ? "a number" : "a whole number"), "")
                .ReplaceLineEndings(" ");
        return $"{what} See '{CommandLineOf(command)} --help'.";
    }

    private static string CommandLineOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{CommandLineOf(parent)} {command.Command.Name}" : "mimiigen";

    [GeneratedRegex(@"expected type 'System\.(?:Nullable`1\[System\.)?(Double|Single|U?Int(?:32|64))\]?'")]
    private static partial Regex TypeName();

    [GeneratedRegex(@" as expected type 'MimiiGen[^']*'")]
    private static partial Regex ChoiceName();
}

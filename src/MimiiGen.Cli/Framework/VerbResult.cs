using Spectre.Console;

namespace MimiiGen.Cli.Framework;

/// <summary>What a verb hands back: one document, written as JSON with <c>--json</c>, shown for a reader without.</summary>
/// <param name="Document">The result as an object that System.Text.Json writes.</param>
/// <param name="Show">Writes the same result for a reader.</param>
internal sealed record VerbResult(object Document, Action<IAnsiConsole> Show)
{
    /// <summary><see cref="Framework.ExitCode.Failed"/> where the result itself is bad news, such as a data set with faults.</summary>
    public int ExitCode { get; init; } = Framework.ExitCode.Done;
}

using System.CommandLine;

namespace MimiiGen.Cli.Framework;

/// <summary>
/// One verb of the command line: its options, examples, and one call into the library. It returns its result and never
/// writes to stdout itself, so that stdout carries the result alone.
/// </summary>
internal abstract class Verb : Command
{
    /// <param name="name">The word typed: <c>evaluate</c>, or <c>check</c> below the group <c>data</c>.</param>
    /// <param name="description">One sentence for <c>--help</c>.</param>
    /// <param name="examples">Full command lines for <c>--help</c>; one at the least.</param>
    protected Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        ArgumentOutOfRangeException.ThrowIfZero(examples.Length);
        Examples = examples;
    }

    public IReadOnlyList<string> Examples { get; }

    /// <summary>
    /// Does the work. Throws <see cref="BadInputException"/> for what the user can mend and lets
    /// <see cref="OperationCanceledException"/> pass.
    /// </summary>
    public abstract VerbResult Run(ParseResult arguments, VerbContext context);
}

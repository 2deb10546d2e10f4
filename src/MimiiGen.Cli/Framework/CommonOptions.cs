using System.CommandLine;

namespace MimiiGen.Cli.Framework;

/// <summary>The options that every verb has, and the seed for those where chance plays a part.</summary>
internal sealed class CommonOptions
{
    public Option<string> Device { get; } = new("--device")
    {
        Description = "Where to compute: cpu, cuda, cuda:N or mps",
        HelpName = "device",
        DefaultValueFactory = _ => "cpu",
        Recursive = true,
    };

    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "Processor threads to compute with",
        HelpName = "count",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result to stdout as one JSON document",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show where a failure came from",
        Recursive = true,
    };

    /// <summary>A new <c>--seed</c> for a verb where chance plays a part: the same seed gives the same result.</summary>
    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Where all chance starts from: the same seed gives the same result",
        HelpName = "number",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>The option, refused with a value below 1.</summary>
    public static Option<int> AtLeastOne(Option<int> option) => AtLeastOne<int>(option);

    /// <summary>The same of an option that may be left out.</summary>
    public static Option<T> AtLeastOne<T>(Option<T> option) => AtLeast(1, option);

    /// <summary>The option, refused with a smaller value.</summary>
    public static Option<T> AtLeast<T>(int least, Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count < least)
                result.AddError($"{option.Name} must be {least} or more.");
        });
        return option;
    }

    public void AddTo(Command root)
    {
        AtLeastOne(Threads);
        root.Options.Add(Device);
        root.Options.Add(Threads);
        root.Options.Add(Json);
        root.Options.Add(Verbose);
    }
}

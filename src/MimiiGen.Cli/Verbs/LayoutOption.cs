using System.CommandLine;
using MimiiGen.Datasets;

namespace MimiiGen.Cli.Verbs;

/// <summary>How a folder of recordings is laid out; without the option, what fits is found out.</summary>
internal static class LayoutOption
{
    public static Option<string?> Create(string name = "--layout") => new(name)
    {
        Description = $"Layout of the folder: {string.Join(", ", DatasetReader.LayoutNames)} (default: the first that fits)",
        HelpName = "name",
    };
}

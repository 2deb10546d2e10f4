using System.CommandLine;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary>Where the model is; without the option, the one that ships beside the program or in the repository.</summary>
internal static class ModelOption
{
    public static Option<string> Create(string description = "Folder of the model") => new("--model")
    {
        Description = description,
        HelpName = "folder",
        DefaultValueFactory = _ => ShippedFiles.Folder("models/default"),
    };
}

using System.CommandLine;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary>Where the model is; without the option, the one that ships beside the program or in the repository.</summary>
internal static class ModelOption
{
    public static Option<string> Create() => new("--model")
    {
        Description = "Folder of the model",
        HelpName = "folder",
        DefaultValueFactory = _ => ShippedFiles.Folder("models/default"),
    };
}

using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Hub;
using MimiiGen.Text;
using TorchSharp;

namespace MimiiGen.Cli.Verbs;

/// <summary>Where published models come from.</summary>
internal sealed class HubOptions
{
    private readonly Option<string?> hub = new("--hub") { Description = "Address of the hub (default: HF_ENDPOINT, else https://huggingface.co)", HelpName = "url" };
    private readonly Option<string?> mirror = new("--mirror") { Description = "Address that has the files that lie on no hub, in place of their own hosts (default: MIMIIGEN_MIRROR)", HelpName = "url" };
    private readonly Option<bool> offline = new("--offline") { Description = "Use the cache alone (as HF_HUB_OFFLINE=1)" };

    public void AddTo(Command verb)
    {
        verb.Options.Add(hub);
        verb.Options.Add(mirror);
        verb.Options.Add(offline);
    }

    public ModelHub Read(ParseResult arguments, VerbContext context) =>
        new(new HubSettings(arguments.GetValue(hub), arguments.GetValue(offline) ? true : null, arguments.GetValue(mirror)), context.Log);

    /// <summary>The cache that the environment names.</summary>
    public static HubCache Cache() => new HubSettings().Cache;

    /// <summary>A language model by its folder or its name in the cache.</summary>
    public static TextGenerator TextGenerator(string folderOrName, VerbContext context)
    {
        var generator = Text.TextGenerator.FromPretrained(Cache().Resolve(folderOrName), warn: context.Log);
        generator.Model.to(context.Device);
        return generator;
    }
}

using System.CommandLine;
using MimiiGen.Cli.Framework;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen models pull NAME</c>: fetches a published model into the cache.</summary>
internal sealed class ModelsPullVerb : Verb
{
    private readonly Argument<string> name = new("NAME") { Description = "OWNER/NAME on the hub, such as google/flan-t5-base, or a short name such as vggish; 'models list' names some" };
    private readonly Option<string> revision = new("--revision") { Description = "Branch, tag or commit", HelpName = "name", DefaultValueFactory = _ => "main" };
    private readonly Option<string[]> file = new("--file") { Description = "A file to fetch, in place of the usual choice (may be given several times)", HelpName = "name", DefaultValueFactory = _ => [] };
    private readonly HubOptions hub = new();

    public ModelsPullVerb()
        : base(
            "pull",
            "Fetches a published model: weights, configs, tokenizer. Goes on where it stopped, and checks every hash. A login goes into HF_TOKEN.",
            "mimiigen models pull google/flan-t5-base",
            "mimiigen models pull vggish",
            "mimiigen models pull thelou1s/panns-inference --file \"Cnn14_mAP=0.431.pth\"",
            "mimiigen models pull google/flan-t5-base --hub https://hub.example.org")
    {
        Arguments.Add(name);
        Options.Add(revision);
        Options.Add(file);
        hub.AddTo(this);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var pulled = hub.Read(arguments, context)
            .PullAsync(arguments.GetRequiredValue(name), arguments.GetValue(revision)!, arguments.GetValue(file), context.Progress, context.Cancellation)
            .GetAwaiter().GetResult();
        return new VerbResult(pulled, console =>
        {
            var what = pulled.FetchedBytes > 0 ? $"{pulled.FetchedBytes / 1e6:0.0} MB fetched" : "nothing to fetch";
            console.Profile.Out.Writer.WriteLine($"{pulled.Name} ({what}) in {pulled.Folder}");
        });
    }
}

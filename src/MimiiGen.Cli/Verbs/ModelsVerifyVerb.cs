using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Hub;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen models verify [NAME]</c>: reads every byte of the cache and holds it against its hash.</summary>
internal sealed class ModelsVerifyVerb : Verb
{
    private readonly Argument<string?> name = new("NAME") { Description = "One model; without it, all", Arity = ArgumentArity.ZeroOrOne };

    public ModelsVerifyVerb()
        : base(
            "verify",
            "Holds the published models in the cache against their hashes; ends with 1 where one is damaged.",
            "mimiigen models verify",
            "mimiigen models verify google/flan-t5-base") => Arguments.Add(name);

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var models = CachedModel.Read(HubOptions.Cache(), verify: true, arguments.GetValue(name), context.Progress, context.Cancellation);
        return new VerbResult(models, console =>
        {
            var writer = console.Profile.Out.Writer;
            if (models.Count == 0) writer.WriteLine($"no models in {HubOptions.Cache().Folder}");
            foreach (var model in models)
            {
                writer.WriteLine($"{model.Name} {model.Commit}: {(model.Problems.Count == 0 ? $"{model.Files} files, all as published" : $"{model.Problems.Count} of {model.Files} files have a problem")}");
                foreach (var problem in model.Problems) writer.WriteLine($"  {problem}");
            }
        })
        {
            ExitCode = models.Any(m => m.Problems.Count > 0) ? ExitCode.Failed : ExitCode.Done,
        };
    }
}

using MimiiGen.Cli.Framework;
using MimiiGen.Hub;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen models list</c>: what the cache holds, and what there is to fetch.</summary>
internal sealed class ModelsListVerb : Verb
{
    public ModelsListVerb()
        : base("list", "Lists the published models in the cache, and those worth fetching.", "mimiigen models list", "mimiigen models list --json")
    {
    }

    public override VerbResult Run(System.CommandLine.ParseResult arguments, VerbContext context)
    {
        var cache = HubOptions.Cache();
        var here = CachedModel.Read(cache, verify: false);
        var toFetch = KnownModel.All.Where(known => here.All(h => h.Name != known.Name)).ToArray();
        return new VerbResult(new { cache = cache.Folder, models = here, toFetch }, console =>
        {
            console.Profile.Out.Writer.WriteLine($"in {cache.Folder} and {cache.ReleaseFolder}: {(here.Count == 0 ? "none" : "")}");
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("model", "what");
            foreach (var model in here)
                table.AddRow(Markup.Escape($"  {model.Name}"), Markup.Escape($"{model.Bytes / 1e6:0.0} MB, {model.Files} files, commit {model.Commit[..Math.Min(12, model.Commit.Length)]}{(model.Problems.Count > 0 ? $", {model.Problems[0]}" : "")}"));
            if (toFetch.Length > 0) table.AddRow("to fetch by 'models pull':", "");
            foreach (var known in toFetch) table.AddRow(Markup.Escape($"  {known.Name}"), Markup.Escape(known.Use));
            console.Write(table);
        });
    }
}

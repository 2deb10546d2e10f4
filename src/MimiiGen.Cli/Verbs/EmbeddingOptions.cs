using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary>What every verb has that compares embeddings of clips.</summary>
internal sealed class EmbeddingOptions
{
    private readonly Option<string> embedding = new("--embedding") { Description = $"What clips are compared in: {string.Join(", ", EmbeddingModel.All.Select(m => m.Name))}", HelpName = "name", DefaultValueFactory = _ => EmbeddingModel.All[0].Name };
    private readonly Option<string?> weights = new("--weights") { Description = "Its weights: a file, a folder, or a name that 'models pull' fetched (default: the usual ones)", HelpName = "file" };
    private readonly Option<int> channel = new("--channel") { Description = "Channel to look at, counted from 0", HelpName = "number", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> allowSilent = new("--allow-silent") { Description = "Take silent clips like any others" };
    private readonly Option<string> cache = new("--cache") { Description = "Folder that keeps embeddings (default: MIMIIGEN_CACHE, else ~/.cache/mimiigen)", HelpName = "folder", DefaultValueFactory = _ => ClipCache.DefaultFolder };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { embedding, weights, channel, allowSilent, cache, seed }) verb.Options.Add(option);
        channel.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 0) result.AddError("--channel must be 0 or more.");
        });
    }

    public ScoreOptions Read(ParseResult arguments) => new()
    {
        Channel = arguments.GetValue(channel),
        AllowSilent = arguments.GetValue(allowSilent),
        CacheFolder = arguments.GetValue(cache)!,
        Seed = unchecked((int)arguments.GetValue(seed)),
    };

    public IClipEmbedder Load(ParseResult arguments, VerbContext context) =>
        EmbeddingModel.Load(arguments.GetValue(embedding)!, arguments.GetValue(weights), HubOptions.Cache(), context.Device);
}

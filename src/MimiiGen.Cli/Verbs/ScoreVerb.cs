using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen score</c>: distances between generated and real clips.</summary>
internal sealed class ScoreVerb : Verb
{
    private static readonly ScoreOptions Defaults = new();

    private readonly Option<string> real = new("--real") { Description = "Folder of real clips (WAV, folders below it too)", HelpName = "folder", Required = true };
    private readonly Option<string> generated = new("--generated") { Description = "Folder of generated clips", HelpName = "folder", Required = true };
    private readonly Option<string> embedding = new("--embedding") { Description = $"What clips are compared in: {string.Join(", ", EmbeddingModel.All.Select(m => m.Name))}", HelpName = "name", DefaultValueFactory = _ => EmbeddingModel.All[0].Name };
    private readonly Option<string?> weights = new("--weights") { Description = "Its weights: a file, a folder, or a name that 'models pull' fetched (default: the usual ones)", HelpName = "file" };
    private readonly Option<string?> captions = new("--captions") { Description = "CSV with columns file_name,caption of the generated clips, for the CLAP score (with --embedding clap)", HelpName = "file" };
    private readonly Option<string?> pairs = new("--pairs") { Description = "CSV with columns real,generated: which clip was made for which; or the word 'names' for files of the same path", HelpName = "file" };
    private readonly Option<int> channel = new("--channel") { Description = "Channel to look at, counted from 0", HelpName = "number", DefaultValueFactory = _ => 0 };
    private readonly Option<int> resamples = CommonOptions.AtLeastOne(new("--resamples") { Description = "Draws behind each 95 % interval", HelpName = "count", DefaultValueFactory = _ => Defaults.Resamples });
    private readonly Option<bool> allowSilent = new("--allow-silent") { Description = "Score silent clips too" };
    private readonly Option<string> cache = new("--cache") { Description = "Folder that keeps embeddings (default: MIMIIGEN_CACHE, else ~/.cache/mimiigen)", HelpName = "folder", DefaultValueFactory = _ => ClipCache.DefaultFolder };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public ScoreVerb()
        : base(
            "score",
            "Scores generated clips against real ones: FAD, KAD, KID, precision and recall, Vendi and Inception scores, levels; KL, spectral distances and SI-SDR of pairs.",
            "mimiigen score --real samples/0_dB_fan/fan/id_00/normal --generated out/evaluate/clips",
            "mimiigen score --real /data/real --generated /data/generated --embedding panns",
            "mimiigen score --real /data/real --generated /data/generated --pairs pairs.csv --json > scores.json")
    {
        foreach (var option in new Option[] { real, generated, embedding, weights, pairs, captions, channel, resamples, allowSilent, cache, seed }) Options.Add(option);
        channel.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 0) result.AddError("--channel must be 0 or more.");
        });
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var options = new ScoreOptions
        {
            Resamples = arguments.GetValue(resamples),
            Seed = unchecked((int)arguments.GetValue(seed)),
            AllowSilent = arguments.GetValue(allowSilent),
            Channel = arguments.GetValue(channel),
            CacheFolder = arguments.GetValue(cache)!,
            Pairs = arguments.GetValue(pairs),
            Captions = arguments.GetValue(captions),
        };
        using var embedder = EmbeddingModel.Load(arguments.GetValue(embedding)!, arguments.GetValue(weights), HubOptions.Cache());
        var result = new SetComparison(embedder, options).Run(arguments.GetValue(real)!, arguments.GetValue(generated)!, context.Progress, context.Cancellation);
        foreach (var note in result.Notes) context.Log($"note: {note}");
        return new VerbResult(result, console => ScoreTable.Show(console, result));
    }
}

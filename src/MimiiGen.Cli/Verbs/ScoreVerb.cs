using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen score</c>: distances between generated and real clips.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Option<string> real = new("--real") { Description = "Folder of real clips (WAV, folders below it too)", HelpName = "folder", Required = true };
    private readonly Option<string> generated = new("--generated") { Description = "Folder of generated clips", HelpName = "folder", Required = true };
    private readonly Option<string?> pairs = new("--pairs") { Description = "CSV with columns real,generated: which clip was made for which; or the word 'names' for files of the same path", HelpName = "file" };
    private readonly Option<string?> captions = new("--captions") { Description = "CSV with columns file_name,caption of the generated clips, for the CLAP score (with --embedding clap)", HelpName = "file" };
    private readonly Option<int> resamples = CommonOptions.AtLeastOne(new("--resamples") { Description = "Draws behind each 95 % interval", HelpName = "count", DefaultValueFactory = _ => new ScoreOptions().Resamples });
    private readonly EmbeddingOptions embedding = new();

    public ScoreVerb()
        : base(
            "score",
            "Scores generated clips against real ones: FAD, KAD, KID, precision and recall, Vendi and Inception scores, levels; KL, spectral distances and SI-SDR of pairs.",
            "mimiigen score --real samples/0_dB_fan/fan/id_00/normal --generated out/evaluate/clips",
            "mimiigen score --real /data/real --generated /data/generated --embedding panns",
            "mimiigen score --real /data/real --generated /data/generated --pairs pairs.csv --json > scores.json")
    {
        foreach (var option in new Option[] { real, generated, pairs, captions, resamples }) Options.Add(option);
        embedding.AddTo(this);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var options = embedding.Read(arguments) with
        {
            Resamples = arguments.GetValue(resamples),
            Pairs = arguments.GetValue(pairs),
            Captions = arguments.GetValue(captions),
        };
        using var embedder = embedding.Load(arguments, context);
        var result = new SetComparison(embedder, options).Run(arguments.GetValue(real)!, arguments.GetValue(generated)!, context.Progress, context.Cancellation);
        foreach (var note in result.Notes) context.Log($"note: {note}");
        return new VerbResult(result, console => ScoreTable.Show(console, result));
    }
}

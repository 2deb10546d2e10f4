using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen copies</c>: training clips that a generator knows by heart.</summary>
internal sealed class CopiesVerb : Verb
{
    private readonly Option<string> training = new("--training") { Description = "Folder of the clips that the generator was trained on", HelpName = "folder", Required = true };
    private readonly Option<string> generated = new("--generated") { Description = "Folder of generated clips", HelpName = "folder", Required = true };
    private readonly EmbeddingOptions embedding = new();

    public CopiesVerb()
        : base(
            "copies",
            "Looks for training clips that a generator has learnt by heart: nearest by embedding and by cross-correlation, against the same between training clips.",
            "mimiigen copies --training samples/0_dB_fan/fan/id_00/normal --generated out/evaluate/clips")
    {
        Options.Add(training);
        Options.Add(generated);
        embedding.AddTo(this);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        using var embedder = embedding.Load(arguments, context);
        var result = new CopySearch(embedder, embedding.Read(arguments)).Run(arguments.GetValue(training)!, arguments.GetValue(generated)!, context.Progress, context.Cancellation);
        foreach (var note in result.Notes) context.Log($"note: {note}");
        return new VerbResult(result, console => DiversityTables.Show(console, result));
    }
}

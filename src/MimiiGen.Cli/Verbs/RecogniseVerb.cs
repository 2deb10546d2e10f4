using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen recognise</c>: whether fault and condition come through.</summary>
internal sealed class RecogniseVerb : Verb
{
    private readonly Option<string> real = new("--real") { Description = "Folder of real clips of several faults or conditions", HelpName = "folder", Required = true };
    private readonly Option<string> generated = new("--generated") { Description = "Folder of generated clips with their records, or laid out like the real ones", HelpName = "folder", Required = true };
    private readonly EmbeddingOptions embedding = new();

    public RecogniseVerb()
        : base(
            "recognise",
            "Tells whether the metadata comes through: a classifier of fault and condition learns from real clips and is asked about generated ones and about held-out real ones.",
            "mimiigen recognise --real samples/0_dB_fan --generated out/evaluate/clips")
    {
        Options.Add(real);
        Options.Add(generated);
        embedding.AddTo(this);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        using var embedder = embedding.Load(arguments, context);
        var result = new Recognition(embedder, embedding.Read(arguments)).Run(arguments.GetValue(real)!, arguments.GetValue(generated)!, context.Progress, context.Cancellation);
        foreach (var note in result.Notes) context.Log($"note: {note}");
        return new VerbResult(result, console => DiversityTables.Show(console, result));
    }
}

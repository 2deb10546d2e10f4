using System.CommandLine;
using MimiiGen.Checkpoints;
using MimiiGen.Cli.Framework;
using MimiiGen.Evaluation.Report;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen clusters</c>: how varied generated clips are.</summary>
internal sealed class ClustersVerb : Verb
{
    private readonly Option<string> real = new("--real") { Description = "Folder of real clips, anomalies say", HelpName = "folder", Required = true };
    private readonly Option<string> generated = new("--generated") { Description = "Folder of generated clips of the same kinds", HelpName = "folder", Required = true };
    private readonly Option<string?> map = new("--map") { Description = "File for a map of all clips (SVG)", HelpName = "file" };
    private readonly EmbeddingOptions embedding = new();

    public ClustersVerb()
        : base(
            "clusters",
            "Tells how varied generated clips are: clusters of real and generated ones together, which real ones are covered, the spread within a condition, a map.",
            "mimiigen clusters --real samples/0_dB_fan/fan/id_00/abnormal --generated out/evaluate/clips/fan/id_00/abnormal --map map.svg")
    {
        foreach (var option in new Option[] { real, generated, map }) Options.Add(option);
        embedding.AddTo(this);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        using var embedder = embedding.Load(arguments, context);
        var result = new ClusterStudy(embedder, embedding.Read(arguments)).Run(arguments.GetValue(real)!, arguments.GetValue(generated)!, context.Progress, context.Cancellation);
        foreach (var note in result.Notes) context.Log($"note: {note}");
        if (arguments.GetValue(map) is { } file) AtomicFile.WriteText(file, ClusterMap.Draw(result));
        return new VerbResult(result, console => DiversityTables.Show(console, result));
    }
}

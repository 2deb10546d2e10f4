using System.CommandLine;
using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;
using MimiiGen.Generation;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen evaluate</c>: the simulated evaluation.</summary>
internal sealed class EvaluateVerb : Verb
{
    private static readonly EvaluationOptions Defaults = new();

    private readonly Option<string> data = new("--data") { Description = "Folder of recordings with a split", HelpName = "folder", DefaultValueFactory = _ => ShippedFiles.Folder("samples") };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split (default: split.csv of the folder)", HelpName = "file" };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<string?> keptOut = new("--kept-out") { Description = "Leave-one-out: judge only on such clips, which the generator was trained without ('train generator --keep-out')", HelpName = "key=value" };
    private readonly Option<string> model = ModelOption.Create();
    private readonly Option<string> embedding = new("--embedding") { Description = "Folder of the embedding model", HelpName = "folder", DefaultValueFactory = _ => ShippedFiles.Folder("models/efficientat-mn04") };
    private readonly Option<string> target = new("--out") { Description = "Folder for clips, results.json and report.html", HelpName = "folder", DefaultValueFactory = _ => "out/evaluate" };
    private readonly Option<int> clips = CommonOptions.AtLeastOne(new("--clips") { Description = "Generated clips for each real test clip", DefaultValueFactory = _ => Defaults.ClipsPerTestClip });
    private readonly Option<string[]> detector = new("--detector") { Description = $"Detectors to compare, the first is judged on: {DetectorKind.Forms}", HelpName = "name", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. Defaults.Detectors.Select(d => d.Text)] };
    private readonly Option<double?> timeout = new("--detector-timeout") { Description = "Seconds that a command may take for a machine (default: 1800)", HelpName = "seconds" };
    private readonly Option<int> detectors = CommonOptions.AtLeastOne(new("--detectors") { Description = "Trainings of an auto-encoder from different seeds; scores are their mean", DefaultValueFactory = _ => Defaults.DetectorSeeds });
    private readonly SamplingOptions sampling = new();
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public EvaluateVerb()
        : base(
            "evaluate",
            "Generates clips for the metadata of real test clips and tells how far a detector's verdict on them is from its verdict on the real ones.",
            "mimiigen evaluate",
            "mimiigen evaluate --detector autoencoder --detector csv:my-scores.csv --detector \"command:python3 mine.py {folder} {scores}\"",
            "mimiigen evaluate --data /data/dcase --model runs/no-clogging/model --kept-out fault=clogging",
            "mimiigen evaluate --data /data/mimii --split samples/split.csv --clips 10 --out out/mimii")
    {
        foreach (var option in new Option[] { data, split, layout, keptOut, model, embedding, target, clips, detector, timeout, detectors }) Options.Add(option);
        sampling.AddTo(this);
        Options.Add(seed);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var options = new EvaluationOptions
        {
            Seed = arguments.GetValue(seed),
            Sampling = sampling.Read(arguments),
            ClipsPerTestClip = arguments.GetValue(clips),
            Detectors = [.. arguments.GetValue(detector)!.Select(DetectorKind.Parse)],
            Embeddings = EmbeddingVectors.From(() => SoundEmbedder.Load(arguments.GetValue(embedding)!)),
            DetectorTimeout = arguments.GetValue(timeout) is { } seconds ? DetectorOptions.Seconds(seconds) : null,
            DetectorSeeds = arguments.GetValue(detectors),
            Command = $"mimiigen {string.Join(' ', arguments.Tokens.Select(t => t.Value))}",
        };
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, arguments.GetValue(split), layoutName: arguments.GetValue(layout));
        var kept = arguments.GetValue(keptOut) is { } text ? KeptOut.Parse(text) : null;
        if (kept is not null) dataset = kept.Test(dataset);
        foreach (var file in dataset.LeftOut) context.Log($"left out: {file.FileName}: {file.Reason}");
        using var sounds = SoundModel.Load(arguments.GetValue(model)!, context.Device, context.Log);
        if (kept is not null)
        {
            var known = sounds.ConditionsByCount().Count(c => kept.Holds(c.Metadata));
            options = options with { KeptOut = known == 0 ? kept.Text : $"{kept.Text}, but the model was trained on {known} conditions with it: this is no leave-one-out" };
            if (known > 0) context.Log(options.KeptOut);
        }

        using var embedder = SoundEmbedder.Load(arguments.GetValue(embedding)!);
        var folder = arguments.GetValue(target)!;
        var result = new SimulatedEvaluation(dataset, sounds, embedder, options, folder, context.Progress, context.Cancellation).Run(context.Log);
        context.Log($"report: {Path.GetFullPath(Path.Combine(folder, "report.html"))}");
        return new VerbResult(JsonSerializer.SerializeToElement(result, ResultsFile.Format), console => EvaluationTable.Show(console, result));
    }
}

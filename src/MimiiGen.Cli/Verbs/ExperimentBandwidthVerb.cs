using System.CommandLine;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;
using MimiiGen.Generation;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen experiment bandwidth</c>: what the codec alone does at each of its bandwidths.</summary>
internal sealed class ExperimentBandwidthVerb : Verb
{
    private static readonly EvaluationOptions Defaults = new();

    private readonly Option<string> data = new("--data") { Description = "Folder of recordings with a split", HelpName = "folder", DefaultValueFactory = _ => ShippedFiles.Folder("samples") };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split (default: split.csv of the folder)", HelpName = "file" };
    private readonly Option<string> model = ModelOption.Create();
    private readonly Option<string> target = new("--out") { Description = "Folder for bandwidth.json", HelpName = "folder", DefaultValueFactory = _ => "out/bandwidth" };
    private readonly Option<int> detectors = CommonOptions.AtLeastOne(new("--detectors") { Description = "Detectors trained from different seeds; scores are their mean", DefaultValueFactory = _ => Defaults.DetectorSeeds });
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public ExperimentBandwidthVerb()
        : base(
            "bandwidth",
            "Sends real test clips through the codec at each bandwidth: levels, octave bands, log-mel, and what a detector makes of it.",
            "mimiigen experiment bandwidth",
            "mimiigen experiment bandwidth --data /data/mimii --split samples/split.csv --model runs/default/model --out out/bandwidth")
    {
        foreach (var option in new Option[] { data, split, model, target, detectors, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var options = new EvaluationOptions { Seed = arguments.GetValue(seed), DetectorSeeds = arguments.GetValue(detectors) };
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, arguments.GetValue(split));
        foreach (var file in dataset.LeftOut) context.Log($"left out: {file.FileName}: {file.Reason}");
        using var sounds = SoundModel.Load(arguments.GetValue(model)!, context.Device);
        var study = new BandwidthStudy(dataset, sounds, options);
        var result = study.Run(context.Log, context.Progress, context.Cancellation);
        var json = JsonSerializer.SerializeToElement(result, ResultsFile.Format);
        var folder = arguments.GetValue(target)!;
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "bandwidth.json"), json.GetRawText());
        return new VerbResult(json, console => BandwidthTable.Show(console, result));
    }
}

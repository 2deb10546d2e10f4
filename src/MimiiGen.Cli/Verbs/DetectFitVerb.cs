using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation.Sections;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen detect fit</c>: a detector for each section of a dataset.</summary>
internal sealed class DetectFitVerb : Verb
{
    private readonly Option<string> data = new("--data") { Description = "Folder of recordings with a split", HelpName = "folder", Required = true };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split (default: as the layout says, or split.csv of the folder)", HelpName = "file" };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<string> detector = new("--detector") { Description = "autoencoder, mahalanobis, mimii2019, knn, lof, gmm; knn:efficientat takes embeddings", HelpName = "name", DefaultValueFactory = _ => "autoencoder" };
    private readonly Option<string> target = new("--out") { Description = "Folder for the fitted detectors", HelpName = "folder", DefaultValueFactory = _ => "runs/detector" };
    private readonly DetectorOptions options = new();

    public DetectFitVerb()
        : base(
            "fit",
            "Fits a detector to the normal training clips of each machine and section.",
            "mimiigen detect fit --data samples --out runs/detector",
            "mimiigen detect fit --data /data/dcase2023/dev_data --detector mahalanobis --out runs/mahalanobis")
    {
        foreach (var option in new Option[] { data, split, layout, detector, target }) Options.Add(option);
        options.AddTo(this, withTimeout: false);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var kind = DetectorKind.Parse(arguments.GetValue(detector)!);
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, arguments.GetValue(split), layoutName: arguments.GetValue(layout));
        var folder = arguments.GetValue(target)!;
        var fitted = new DetectorRun(dataset, DetectorOptions.Embeddings(), context.Log, context.Progress, context.Cancellation).Fit(kind, options.Settings(arguments), folder);
        return new VerbResult(new { folder, fitted }, console => console.Profile.Out.Writer.WriteLine($"{fitted.Count} detectors in {folder}: {string.Join(", ", fitted)}"));
    }
}

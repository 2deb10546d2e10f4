using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation.Sections;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen detect score</c>: scores, decisions and what they are worth, in the files of the DCASE baseline.</summary>
internal sealed class DetectScoreVerb : Verb
{
    private readonly Option<string> data = new("--data") { Description = "Folder of recordings with a split", HelpName = "folder", Required = true };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split (default: as the layout says, or split.csv of the folder)", HelpName = "file" };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<string?> fitted = new("--fitted") { Description = "Folder that 'detect fit' wrote", HelpName = "folder" };
    private readonly Option<string?> detector = new("--detector") { Description = $"Instead of a fitted one: {DetectorKind.Forms}", HelpName = "name" };
    private readonly Option<string> target = new("--out") { Description = "Folder for the CSV files", HelpName = "folder", DefaultValueFactory = _ => "out/scores" };
    private readonly DetectorOptions options = new();

    public DetectScoreVerb()
        : base(
            "score",
            "Scores test clips, decides on them, and tells AUC, pAUC, F1 and the official score by section.",
            "mimiigen detect score --data samples --fitted runs/detector --out out/scores",
            "mimiigen detect score --data samples --detector csv:my-scores.csv",
            "mimiigen detect score --data samples --detector \"command:python3 my_detector.py {folder} {scores}\"")
    {
        foreach (var option in new Option[] { data, split, layout, fitted, detector, target }) Options.Add(option);
        options.AddTo(this, withTimeout: true);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        if (arguments.GetValue(fitted) is null == arguments.GetValue(detector) is null) throw new BadInputException("give either --fitted or --detector");
        var kind = arguments.GetValue(detector) is { } name ? DetectorKind.Parse(name) : null;
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, arguments.GetValue(split), layoutName: arguments.GetValue(layout));
        var run = new DetectorRun(dataset, DetectorOptions.Embeddings(), context.Log, context.Progress, context.Cancellation);
        var folder = arguments.GetValue(target)!;
        var results = kind is null ? run.ScoreFitted(arguments.GetValue(fitted)!, folder) : run.Score(kind, options.Settings(arguments), folder);
        var score = SectionResult.OfficialScore(results);
        return new VerbResult(new { folder, officialScore = score, sections = results }, console => SectionTable.Show(console, results, score, folder));
    }
}

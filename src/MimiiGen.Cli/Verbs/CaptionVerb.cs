using System.CommandLine;
using MimiiGen.Captions;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Text;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen caption</c>: captions of a dataset's clips, from their metadata.</summary>
internal sealed class CaptionVerb : Verb
{
    private readonly Option<string> data = new("--data") { Description = "Folder of recordings", HelpName = "folder", Required = true };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<CaptionStyle> style = new("--style") { Description = "Who writes: template, flan (a language model, checked), or metadata (a list, no sentence)", HelpName = "template|flan|metadata" };
    private readonly Option<string> model = new("--model") { Description = "Language model of style flan: a folder, or a name that 'models pull' fetched", HelpName = "folder or name", DefaultValueFactory = _ => "google/flan-t5-base" };
    private readonly Option<int> variants = CommonOptions.AtLeastOne(new("--variants") { Description = "Captions of each clip (style flan)", HelpName = "count", DefaultValueFactory = _ => 1 });
    private readonly Option<CaptionDetail> detail = new("--detail") { Description = "What is told: full, noAnomaly, noCondition, or machine alone", HelpName = "full|noAnomaly|noCondition|machine" };
    private readonly Option<double> noise = new("--noise") { Description = "Part of the values that are made wrong, 0 to 1", HelpName = "rate" };
    private readonly Option<bool> keepGoing = new("--keep-going") { Description = "Leave out rows of a table that can't be understood, and name them" };
    private readonly Option<string> target = new("--out") { Description = "Table file_name,channel,caption,written_by", HelpName = "file", DefaultValueFactory = _ => "captions.csv" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public CaptionVerb()
        : base(
            "caption",
            "Writes captions for the clips of a dataset from their metadata.",
            "mimiigen caption --data samples --out captions.csv",
            "mimiigen caption --data /data/mimii --style flan --model google/flan-t5-large --variants 3 --seed 1",
            "mimiigen caption --data /data/mimii --detail noAnomaly --noise 0.1 --out sparse.csv")
    {
        foreach (var option in new Option[] { data, layout, style, model, variants, detail, noise, keepGoing, target, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var settings = new CaptionSettings
        {
            Style = arguments.GetValue(style),
            Detail = arguments.GetValue(detail),
            Noise = arguments.GetValue(noise),
            Variants = arguments.GetValue(variants),
            Seed = arguments.GetValue(seed),
        };
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, skip: arguments.GetValue(keepGoing) ? line => context.Log($"left out: {line}") : null, layoutName: arguments.GetValue(layout));
        foreach (var file in dataset.LeftOut) context.Log($"left out: {file.FileName}: {file.Reason}");
        using var generator = settings.Style == CaptionStyle.Flan ? HubOptions.TextGenerator(arguments.GetValue(model)!, context) : null;
        var captions = DatasetCaptions.Write(dataset.Clips, settings, generator is null ? null : generator.Sentence, context.Progress, context.Cancellation);
        var path = arguments.GetValue(target)!;
        captions.Save(path);
        var result = new { file = path, clips = dataset.Clips.Count, captions = captions.Rows.Count, captions.DistinctCaptions, captions.ByModel, captions.Refused, captions.Fallbacks };
        return new VerbResult(result, console =>
        {
            var writer = console.Profile.Out.Writer;
            writer.WriteLine($"{result.captions} captions of {result.clips} clips in {path}, {result.DistinctCaptions} distinct; the first: {captions.Rows[0].Caption}");
            if (generator is not null)
                writer.WriteLine($"{result.ByModel} by the model, {result.Fallbacks} by the template in its place; {result.Refused} sentences refused for a fact lost or made up");
        });
    }
}

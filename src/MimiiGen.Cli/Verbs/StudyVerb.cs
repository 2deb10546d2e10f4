using System.CommandLine;
using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Experiments;
using MimiiGen.Experiments.Reporting;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen experiment NAME</c>: one study from data to report.</summary>
internal sealed class StudyVerb : Verb
{
    private readonly Study study;
    private readonly Option<string> data = new("--data") { Description = "Folder of recordings with a split", HelpName = "folder", DefaultValueFactory = _ => ShippedFiles.Folder("samples") };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split (default: split.csv of the folder)", HelpName = "file" };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<string?> other = new("--other") { Description = "A second folder of recordings with a split (transfer)", HelpName = "folder" };
    private readonly Option<string> model = ModelOption.Create("Folder of the model that is studied where nothing is trained, and whose codec is used where something is");
    private readonly Option<string> embedding = new("--embedding") { Description = "Folder of the embedding model", HelpName = "folder", DefaultValueFactory = _ => ShippedFiles.Folder("models/efficientat-mn04") };
    private readonly Option<string> language = new("--language-model") { Description = "Language model for captions: a folder, or a name that 'models pull' fetched", HelpName = "folder or name", DefaultValueFactory = _ => "google/flan-t5-base" };
    private readonly Option<string> budget = new("--budget") { Description = "Time that it may take, about: 90s, 10m, 2h", HelpName = "time", DefaultValueFactory = _ => "15m" };
    private readonly Option<int> seeds = CommonOptions.AtLeastOne(new("--seeds") { Description = "Times that every arm is trained and sampled, at least 2", DefaultValueFactory = _ => 2 });
    private readonly Option<string> target = new("--out") { Description = "Folder of all studies; this one goes into a folder of its name in it, what studies share into shared/", HelpName = "folder", DefaultValueFactory = _ => "out/experiments" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public StudyVerb(Study study)
        : base(study.Name, $"{study.Question} Compared: {study.Compared}. Needs {study.Needs}.", $"mimiigen experiment {study.Name}", $"mimiigen experiment {study.Name} --data /data/mimii --split samples/split.csv --budget 2h --out out/experiments")
    {
        this.study = study;
        foreach (var option in new Option[] { data, split, layout, other, model, embedding, language, budget, seeds, target, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var options = new StudyOptions
        {
            Data = arguments.GetValue(data)!,
            SplitFile = arguments.GetValue(split),
            Layout = arguments.GetValue(layout),
            Other = arguments.GetValue(other),
            Model = arguments.GetValue(model)!,
            Embedding = arguments.GetValue(embedding)!,
            LanguageModel = arguments.GetValue(language)!,
            Out = arguments.GetValue(target)!,
            Budget = Budget.Parse(arguments.GetValue(budget)!),
            Seeds = arguments.GetValue(seeds),
            Seed = arguments.GetValue(seed),
            Device = context.Device,
            Command = $"mimiigen {string.Join(' ', arguments.Tokens.Select(t => t.Value))}",
        };
        var result = new StudyRun(study, options, context.Log, context.Progress, context.Cancellation).Run();
        context.Log($"report: {Path.GetFullPath(Path.Combine(options.Out, study.Name, "report.md"))}");
        return new VerbResult(JsonSerializer.SerializeToElement(result, StudyFile.Format), console => StudyTables.Show(console, result));
    }
}

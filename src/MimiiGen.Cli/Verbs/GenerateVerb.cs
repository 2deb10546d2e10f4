using System.CommandLine;
using MimiiGen.Captions;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;
using MimiiGen.Generation;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen generate</c>: clips from a caption or from metadata.</summary>
internal sealed class GenerateVerb : Verb
{
    private readonly Option<string?> caption = new("--caption") { Description = "What the clips should sound like, as a sentence", HelpName = "text" };
    private readonly Option<string?> machine = new("--machine") { Description = "Machine: fan, pump, slider, valve", HelpName = "name" };
    private readonly Option<bool> anomaly = new("--anomaly") { Description = "A faulty machine" };
    private readonly Option<string?> id = new("--id") { Description = "Which machine of that type (default: the first that the model knows)", HelpName = "number" };
    private readonly Option<string[]> set = new("--set") { Description = "Further metadata: microphone=3, snr=0, or a condition of your own", HelpName = "key=value", DefaultValueFactory = _ => [] };
    private readonly Option<string?> negative = new("--negative") { Description = "What they should not sound like", HelpName = "text" };
    private readonly Option<int> count = CommonOptions.AtLeastOne(new("--count") { Description = "Number of clips", DefaultValueFactory = _ => 1 });
    private readonly Option<double> duration = new("--duration") { Description = "Seconds of each clip", HelpName = "seconds", DefaultValueFactory = _ => 10 };
    private readonly SamplingOptions sampling = new();
    private readonly Option<string> model = ModelOption.Create();
    private readonly Option<string> target = new("--out") { Description = "Folder for the clips", HelpName = "folder", DefaultValueFactory = _ => "out/generated" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public GenerateVerb()
        : base(
            "generate",
            "Generates clips from a caption or from metadata; beside each lies a record to make it again.",
            "mimiigen generate --machine fan --anomaly --count 4 --out out/fans",
            "mimiigen generate --machine fan --id 00 --set microphone=3 --duration 5",
            "mimiigen generate --caption \"A fan with anomaly\" --steps 50 --guidance 2")
    {
        foreach (var option in new Option[] { caption, machine, anomaly, id, set, negative, count, duration }) Options.Add(option);
        sampling.AddTo(this);
        foreach (var option in new Option[] { model, target, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var clips = arguments.GetValue(count);
        if (arguments.GetValue(machine) is null == arguments.GetValue(caption) is null) throw new BadInputException("give either --caption or --machine");
        using var sounds = SoundModel.Load(arguments.GetValue(model)!, context.Device);
        var metadata = Metadata(arguments, sounds);
        var text = metadata is null ? arguments.GetValue(caption)! : CaptionTemplate.Write(metadata);
        var generator = new ClipGenerator(sounds, sampling.Read(arguments), context.Log);
        var folder = arguments.GetValue(target)!;
        var made = new List<object>();
        for (var i = 0; i < clips; i++)
        {
            var request = new ClipRequest(text, arguments.GetValue(seed) + (ulong)i, arguments.GetValue(duration), metadata, arguments.GetValue(negative));
            var clip = generator.Generate(request, stop: context.Cancellation);
            var path = Path.Combine(folder, $"{request.Seed:00000000}");
            clip.Write(path);
            made.Add(new { file = path + ".wav", request.Seed, clip.Record.LevelDb });
            context.Progress.Report(new WorkProgress("generating clips", i + 1, clips));
        }

        return new VerbResult(new { caption = text, clips = made }, console =>
        {
            console.Profile.Out.Writer.WriteLine($"{clips} clips in {folder}: {text}");
        });
    }

    private ClipMetadata? Metadata(ParseResult arguments, SoundModel sounds) => arguments.GetValue(machine) is { } name
        ? MetadataRequest.Of(name, arguments.GetValue(id), arguments.GetValue(anomaly), arguments.GetValue(set)!, sounds.ConditionsByCount())
        : null;
}

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
    private readonly Option<double> duration = new("--duration", "--seconds") { Description = "Seconds of each clip, up to 600", HelpName = "seconds", DefaultValueFactory = _ => 10 };
    private readonly Option<string?> towards = new("--towards") { Description = "A second condition to go towards: a caption, or anomaly or normal for the other state of --machine", HelpName = "text" };
    private readonly Option<double?> share = new("--share") { Description = "How far: 0 to 1 (default: 0.5)", HelpName = "share" };
    private readonly EditingOptions editing = new();
    private readonly SamplingOptions sampling = new();
    private readonly Option<int> batch = CommonOptions.AtLeastOne(new("--batch") { Description = "Clips that go through the network together; they are the same in any batch", DefaultValueFactory = _ => 1 });
    private readonly Option<string> model = ModelOption.Create();
    private readonly Option<string> target = new("--out") { Description = "Folder for the clips", HelpName = "folder", DefaultValueFactory = _ => "out/generated" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public GenerateVerb()
        : base(
            "generate",
            "Generates clips from a caption or from metadata; beside each lies a record to make it again.",
            "mimiigen generate --machine fan --anomaly --count 4 --out out/fans",
            "mimiigen generate --machine fan --id 00 --set microphone=3 --duration 5",
            "mimiigen generate --caption \"A fan with anomaly\" --steps 50 --guidance 2",
            "mimiigen generate --machine fan --anomaly --source normal.wav --strength 0.6",
            "mimiigen generate --machine fan --source fan.wav --fill 2-4.5",
            "mimiigen generate --machine fan --source fan.wav --continue --duration 30",
            "mimiigen generate --machine fan --towards anomaly --share 0.5")
    {
        foreach (var option in new Option[] { caption, machine, anomaly, id, set, negative, towards, share, count, duration }) Options.Add(option);
        editing.AddTo(this);
        sampling.AddTo(this);
        foreach (var option in new Option[] { batch, model, target, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var clips = arguments.GetValue(count);
        if (arguments.GetValue(machine) is null == arguments.GetValue(caption) is null) throw new BadInputException("give either --caption or --machine");
        using var sounds = SoundModel.Load(arguments.GetValue(model)!, context.Device, context.Log);
        var metadata = Metadata(arguments, sounds);
        var text = metadata is null ? arguments.GetValue(caption)! : CaptionTemplate.Write(metadata);
        var (edit, seconds) = editing.Read(arguments, duration);
        var wanted = new ClipRequest(text, arguments.GetValue(seed), seconds, metadata, arguments.GetValue(negative)) { Edit = edit, Towards = Towards(arguments, metadata) };
        var generator = new ClipGenerator(sounds, sampling.Read(arguments), context.Log);
        var folder = arguments.GetValue(target)!;
        var made = new List<object>();
        foreach (var together in Enumerable.Range(0, clips).Select(i => wanted with { Seed = wanted.Seed + (ulong)i }).Chunk(arguments.GetValue(batch)))
        {
            foreach (var (request, clip) in together.Zip(generator.Generate(together, stop: context.Cancellation)))
            {
                var path = Path.Combine(folder, $"{request.Seed:00000000}");
                clip.Write(path);
                made.Add(new { file = path + ".wav", request.Seed, clip.Record.LevelDb });
            }

            context.Progress.Report(new WorkProgress("generating clips", made.Count, clips));
        }

        return new VerbResult(new { caption = text, clips = made }, console =>
        {
            console.Profile.Out.Writer.WriteLine($"{clips} clips in {folder}: {text}");
        });
    }

    private ClipMetadata? Metadata(ParseResult arguments, SoundModel sounds) => arguments.GetValue(machine) is { } name
        ? MetadataRequest.Of(name, arguments.GetValue(id), arguments.GetValue(anomaly), arguments.GetValue(set)!, sounds.ConditionsByCount())
        : null;

    private ConditionBlend? Towards(ParseResult arguments, ClipMetadata? metadata)
    {
        if (arguments.GetValue(towards) is not { } name) return arguments.GetValue(share) is null ? null : throw new BadInputException("--share needs --towards, the condition to go towards");
        var far = arguments.GetValue(share) ?? 0.5;
        if (metadata is null || name is not ("anomaly" or "normal")) return new ConditionBlend(name, far);
        var other = metadata with { Anomaly = name == "anomaly" };
        return new ConditionBlend(CaptionTemplate.Write(other), far, other);
    }
}

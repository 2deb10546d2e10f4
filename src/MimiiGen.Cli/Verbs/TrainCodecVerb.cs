using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Codec;
using MimiiGen.Training;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen train codec</c>: a codec from a folder of recordings.</summary>
internal sealed class TrainCodecVerb : Verb
{
    private static readonly CodecTrainingSettings Defaults = new();

    private readonly TrainingFolders folders = new("runs/codec");
    private readonly Option<string> from = new("--from") { Description = "What to begin from: lapped (a lapped transform), nothing (random weights of the published layout), or the folder of a codec", HelpName = "start", DefaultValueFactory = _ => "lapped" };
    private readonly Option<int?> steps = CommonOptions.AtLeast<int?>(0, new("--steps") { Description = $"Gradient steps; from lapped {Defaults.Steps} without discriminators, since it is good before any, else {CodecTrainingSettings.OfThePaper.AdversarialSteps} with them" });
    private readonly Option<int> decoder = CommonOptions.AtLeast<int>(0, new("--decoder-steps") { Description = "Further steps on the decoder alone, half of them from quantised latents; from lapped only" });
    private readonly Option<int> adversarial = CommonOptions.AtLeast<int>(0, new("--adversarial-steps") { Description = "Further steps with discriminators; from lapped only" });
    private readonly Option<bool> freeze = new("--freeze-encoder") { Description = "Train the decoder alone with discriminators: latents, codes and generators made on them stay valid" };
    private readonly Option<int> discriminatorFilters = CommonOptions.AtLeastOne(new("--discriminator-filters") { Description = "Channels of the discriminators: 32 in the paper, 8 where there is no GPU", DefaultValueFactory = _ => Defaults.DiscriminatorFilters });
    private readonly Option<int> batch = CommonOptions.AtLeastOne(new("--batch") { Description = "Crops a step", DefaultValueFactory = _ => Defaults.BatchSize });
    private readonly Option<int?> filters = CommonOptions.AtLeastOne<int?>(new("--filters") { Description = $"Channels of the outermost layers: {EncodecConfig.Lapped.NumFilters} from lapped, 32 in the published codec" });
    private readonly Option<int> checkpoint = CommonOptions.AtLeastOne(new("--checkpoint-every") { Description = "Steps between validations and checkpoints", DefaultValueFactory = _ => Defaults.CheckpointEvery });
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public TrainCodecVerb()
        : base(
            "codec",
            "Trains a codec from a folder of recordings; run again, it goes on where it stopped.",
            "mimiigen train codec --data samples --out runs/codec",
            "mimiigen train codec --data samples --from models/default/codec --freeze-encoder --steps 1000 --discriminator-filters 8 --out runs/finer",
            "mimiigen train codec --data /data/mimii --from nothing --device cuda --batch 64 --out runs/encodec")
    {
        folders.AddTo(this);
        foreach (var option in new Option[] { from, steps, decoder, adversarial, freeze, discriminatorFilters, batch, filters, checkpoint, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var start = Start(arguments);
        var settings = Settings(arguments);
        var target = folders.Target(arguments);
        using var trainer = new CodecTrainer(start, settings, target, folders.Clips(arguments, context), context.Device, context.Log, context.Progress, context.Cancellation);
        var validation = trainer.Run(context.Progress, context.Cancellation);
        return new VerbResult(new { folder = target, validation }, console =>
        {
            console.WriteLine($"codec in {target}: model.safetensors, config.json, log.csv, samples");
            console.WriteLine($"on clips held out: signal-to-noise ratio {validation.SnrDb:0.0} dB, log-mel spectra {validation.LogMelDb:0.00} dB apart");
            console.WriteLine($"level error in the octaves 63 Hz to 8 kHz: {string.Join(", ", validation.BandErrorDb.Select(b => b.ToString("0.00")))} dB");
        });
    }

    private CodecStart Start(ParseResult arguments)
    {
        var width = arguments.GetValue(filters);
        return arguments.GetValue(from) switch
        {
            "lapped" => CodecStart.Lapped(EncodecConfig.Lapped with { NumFilters = width ?? EncodecConfig.Lapped.NumFilters }),
            "nothing" => CodecStart.Nothing(new EncodecConfig { NumFilters = width ?? 32 }),
            _ when width is not null => throw new BadInputException("--filters: the codec that training begins from has its own; leave the option away"),
            var folder => CodecStart.From(folder!),
        };
    }

    private CodecTrainingSettings Settings(ParseResult arguments)
    {
        var count = arguments.GetValue(steps);
        var (decoderAlone, further) = (arguments.GetValue(decoder), arguments.GetValue(adversarial));
        var lapped = arguments.GetValue(from) == "lapped";
        if ((further > 0 || decoderAlone > 0) && !lapped) throw new BadInputException("--decoder-steps, --adversarial-steps: from here all steps are adversarial; give their number by --steps");
        if (count == 0 && !lapped) throw new BadInputException("--steps 0: only a lapped start is good before any step; give 1 or more");
        var settings = lapped
            ? Defaults with { Steps = count ?? Defaults.Steps, QuantizedSteps = decoderAlone, AdversarialSteps = further }
            : CodecTrainingSettings.OfThePaper with { AdversarialSteps = count ?? CodecTrainingSettings.OfThePaper.AdversarialSteps };
        return settings with
        {
            FreezeEncoder = arguments.GetValue(freeze),
            DiscriminatorFilters = arguments.GetValue(discriminatorFilters),
            BatchSize = arguments.GetValue(batch),
            CheckpointEvery = arguments.GetValue(checkpoint),
            Seed = arguments.GetValue(seed),
        };
    }
}

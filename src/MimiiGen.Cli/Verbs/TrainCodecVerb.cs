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
    private readonly Option<int> steps = CommonOptions.AtLeastOne(new("--steps") { Description = "Gradient steps on encoder and decoder", DefaultValueFactory = _ => Defaults.Steps });
    private readonly Option<int> batch = CommonOptions.AtLeastOne(new("--batch") { Description = "Crops a step", DefaultValueFactory = _ => Defaults.BatchSize });
    private readonly Option<int> filters = CommonOptions.AtLeastOne(new("--filters") { Description = "Channels of the outermost layers: 32 in the published codec", DefaultValueFactory = _ => EncodecConfig.Lapped.NumFilters });
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public TrainCodecVerb()
        : base(
            "codec",
            "Trains a codec from a folder of recordings; run again, it goes on where it stopped.",
            "mimiigen train codec --data samples --out runs/codec",
            "mimiigen train codec --data /data/mimii --split samples/split.csv --steps 5000 --out runs/codec")
    {
        folders.AddTo(this);
        foreach (var option in new Option[] { steps, batch, filters, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var settings = Defaults with { Steps = arguments.GetValue(steps), BatchSize = arguments.GetValue(batch), Seed = arguments.GetValue(seed) };
        var config = EncodecConfig.Lapped with { NumFilters = arguments.GetValue(filters) };
        var target = folders.Target(arguments);
        using var trainer = new CodecTrainer(config, settings, target, folders.Clips(arguments, context), context.Log, context.Progress, context.Cancellation);
        var validation = trainer.Run(context.Progress, context.Cancellation);
        return new VerbResult(new { folder = target, validation }, console =>
        {
            console.WriteLine($"codec in {target}: model.safetensors, config.json, log.csv");
            console.WriteLine($"on clips held out: signal-to-noise ratio {validation.SnrDb:0.0} dB, log spectra {validation.SpectralDistance:0.000} nepers apart");
            console.WriteLine($"level error in the octaves 63 Hz to 8 kHz: {string.Join(", ", validation.BandErrorDb.Select(b => b.ToString("0.00")))} dB");
        });
    }
}

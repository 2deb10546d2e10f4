using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Optimization;
using MimiiGen.Runtime;
using MimiiGen.Training;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen train generator</c>: text encoder and U-Net on the latents of a codec.</summary>
internal sealed class TrainGeneratorVerb : Verb
{
    private static readonly GeneratorTrainingSettings Defaults = new();

    private readonly TrainingFolders folders = new("runs/generator");
    private readonly Option<string?> codec = new("--codec") { Description = "Folder of the codec: config.json and model.safetensors (default: that of the model it starts from, or models/default/codec)", HelpName = "folder" };
    private readonly Option<string?> encoder = new("--text-encoder") { Description = "A published T5, used as it is: a folder, or a name that 'models pull' fetched (default: a small one is trained along)", HelpName = "folder or name" };
    private readonly Option<string?> from = new("--from") { Description = "Goes on from a model: a folder with unet/ and scheduler/, this program's or diffusers'", HelpName = "folder" };
    private readonly Option<int?> lora = new("--lora") { Description = "With --from: trains low-rank updates of the attentions alone; for few clips", HelpName = "rank" };
    private readonly Option<string?> distill = new("--distill") { Description = "Trains a student of that model which needs fewer steps and no guidance", HelpName = "folder" };
    private readonly Option<int?> few = new("--to-steps") { Description = "With --distill: steps that the student is to need: 1, 2, 4 (default) or 8", HelpName = "count" };
    private readonly Option<int> steps = CommonOptions.AtLeastOne(new("--steps") { Description = "Gradient steps", DefaultValueFactory = _ => Defaults.Steps });
    private readonly Option<int> batch = CommonOptions.AtLeastOne(new("--batch") { Description = "Crops a step", DefaultValueFactory = _ => Defaults.BatchSize });
    private readonly Option<int> crop = CommonOptions.AtLeastOne(new("--crop") { Description = "Latent frames of a crop, 75 are a second: long ones teach how a machine changes within a clip", HelpName = "frames", DefaultValueFactory = _ => Defaults.CropFrames });
    private readonly Option<double?> rate = new("--learning-rate") { Description = "Highest learning rate (default: 8e-4; 1e-4 from a model)" };
    private readonly Option<LearningRateShape?> schedule = new("--schedule") { Description = "How the learning rate goes on after its warm-up: cosine (default), linear or constant", HelpName = "shape" };
    private readonly Option<double?> minSnr = new("--min-snr") { Description = "Signal-to-noise ratio at which the loss's weights are cut; 5 is usual (default: all timesteps weigh the same)", HelpName = "ratio" };
    private readonly Option<int?> accumulate = CommonOptions.AtLeastOne(new Option<int?>("--accumulate") { Description = "Parts that a step's crops are worked on in: less memory, the same step (default: 1)", HelpName = "parts" });
    private readonly Option<TrainingPrecision?> precision = new("--precision") { Description = "Numbers to compute in: float32 (default) or bfloat16; weights stay float32", HelpName = "numbers" };
    private readonly Option<bool> checkpointing = new("--checkpointing") { Description = "Computes activations once more for the gradient instead of keeping them: less memory, more time" };
    private readonly Option<int> samples = CommonOptions.AtLeast(0, new Option<int>("--samples") { Description = "Clips to listen to, made each time that the best model so far is written", HelpName = "count" });
    private readonly Option<double?> latents = new("--latent-bandwidth") { Description = "kbit/s of the codes whose sums are learned; 0: the encoder's output before quantisation (default: 24; as the model it starts from)", HelpName = "kbit/s" };
    private readonly Option<double?> requantize = new("--requantize") { Description = "kbit/s at which generated latents are quantised before decoding; 0: not at all (default: 0; as the model it starts from)", HelpName = "kbit/s" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public TrainGeneratorVerb()
        : base(
            "generator",
            "Trains a generator on the latents of a codec; run again, it goes on where it stopped.",
            "mimiigen train generator --data samples --codec models/default/codec --out runs/generator",
            "mimiigen train generator --data samples --text-encoder google/flan-t5-base --out runs/flan",
            "mimiigen train generator --data mine --from models/default --lora 8 --steps 500 --out runs/mine",
            "mimiigen train generator --data samples --distill models/default --to-steps 4 --out runs/fast",
            "mimiigen train generator --data /data/mimii --split samples/split.csv --codec runs/codec --steps 20000 --batch 32 --device cuda")
    {
        folders.AddTo(this);
        foreach (var option in new Option[] { codec, encoder, from, lora, distill, few, steps, batch, crop, rate, schedule, minSnr, accumulate, precision, checkpointing, samples, latents, requantize, seed }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var start = Start(arguments);
        var usual = start?.Settings(Defaults) ?? Defaults;
        var settings = usual with
        {
            Steps = arguments.GetValue(steps),
            BatchSize = arguments.GetValue(batch),
            CropFrames = arguments.GetValue(crop),
            LearningRate = arguments.GetValue(rate) ?? usual.LearningRate,
            Schedule = arguments.GetValue(schedule),
            MinSnrGamma = arguments.GetValue(minSnr),
            Accumulation = arguments.GetValue(accumulate),
            Precision = arguments.GetValue(precision),
            Checkpointing = arguments.GetValue(checkpointing),
            Samples = arguments.GetValue(samples),
            LoraRank = arguments.GetValue(lora),
            DistilledSteps = arguments.GetValue(distill) is null ? null : arguments.GetValue(few) ?? 4,
            LatentBandwidth = arguments.GetValue(latents) is { } learned ? OrNone(learned) : usual.LatentBandwidth,
            RequantizeBandwidth = arguments.GetValue(requantize) is { } coarser ? OrNone(coarser) : usual.RequantizeBandwidth,
            Seed = arguments.GetValue(seed),
        };
        var target = folders.Target(arguments);
        var codecFolder = arguments.GetValue(codec) ?? start?.Codec ?? ShippedFiles.Folder("models/default/codec");
        var architecture = start is not null ? start.Architecture(codecFolder, arguments.GetValue(encoder), HubOptions.Cache())
            : arguments.GetValue(encoder) is { } name ? GeneratorArchitecture.Small.WithTextEncoder(name, HubOptions.Cache()) : GeneratorArchitecture.Small;
        using var trainer = new GeneratorTrainer(
            architecture, settings, target, codecFolder, folders.Clips(arguments, context), context.Device, context.Log, context.Progress, context.Cancellation);
        var validation = trainer.Run(context.Progress, context.Cancellation);
        var model = Path.Combine(target, "model");
        return new VerbResult(new { model, validation }, console => console.WriteLine($"model in {model}; validation loss {validation:0.0000}"));
    }

    private GeneratorStart? Start(ParseResult arguments)
    {
        var (begun, taught) = (arguments.GetValue(from), arguments.GetValue(distill));
        if (begun is not null && taught is not null) throw new BadInputException("--from and --distill exclude each other; allowed are --from FOLDER, --from FOLDER --lora RANK, --distill FOLDER");
        if (begun is null && arguments.GetValue(lora) is not null) throw new BadInputException("--lora needs --from, the model to update");
        if (taught is null && arguments.GetValue(few) is not null) throw new BadInputException("--to-steps needs --distill, the model to distil");
        return (begun ?? taught) is { } folder ? new GeneratorStart(folder) : null;
    }

    private static double? OrNone(double bandwidth) => bandwidth == 0 ? null : bandwidth;
}

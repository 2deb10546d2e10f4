using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Hub;
using MimiiGen.Optimization;
using MimiiGen.Tests.Diffusion;
using MimiiGen.Text;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

/// <summary>The choices of a generator's training: weights of the loss, parts of a batch, precision, memory, samples.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class GeneratorOptionsTests(TinyModel tiny) : IDisposable
{
    private static readonly GeneratorTrainingSettings Settings = TinyNetworks.Settings with { Steps = 9, CheckpointEvery = 3, LearningRate = 1e-3 };

    /// <summary>Without dropout, which draws differently for parts of a batch.</summary>
    private static readonly GeneratorArchitecture Architecture = TinyNetworks.Generator with { Text = TinyNetworks.Generator.Text with { DropoutRate = 0 } };

    private readonly string root = Directory.CreateTempSubdirectory("options").FullName;

    public static TheoryData<GeneratorTrainingSettings> Choices =>
    [
        Settings with { Precision = TrainingPrecision.BFloat16, MinSnrGamma = 5 },
        Settings with { Checkpointing = true, Accumulation = 2, Schedule = LearningRateShape.Linear, Samples = 1 },
    ];

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [MemberData(nameof(Choices), DisableDiscoveryEnumeration = true)]
    public void AResumedRunEndsBitForBitAsOneThatWasNotStopped(GeneratorTrainingSettings settings)
    {
        Train("through", settings);
        using (var stop = new StopAt("training generator", 5))
            Assert.Throws<OperationCanceledException>(() => Train("stopped", settings, progress: stop, stop: stop.Token));
        Train("stopped", settings);

        Assert.Equal(File.ReadAllBytes(In("through/state.safetensors")), File.ReadAllBytes(In("stopped/state.safetensors")));
    }

    [Fact]
    public void PartsOfABatchMakeTheStepOfTheWhole() => AssertSameWeights(Settings with { BatchSize = 5 }, Settings with { BatchSize = 5, Accumulation = 2 });

    [Fact]
    public void CheckpointingChangesNoStep() => AssertSameWeights(Settings, Settings with { Checkpointing = true });

    [Fact]
    public void BFloat16LearnsAsFloat32DoesAndKeepsFloat32Weights()
    {
        var settings = Settings with { Steps = 60, CheckpointEvery = 20, BatchSize = 4, LearningRate = 2e-3, AverageDecay = 0.9 };
        var single = Train("single", settings);
        var half = Train("half", settings with { Precision = TrainingPrecision.BFloat16 });

        Assert.InRange(half, 0.97 * single, 1.03 * single);
        using var scope = NewDisposeScope();
        var (exact, coarse) = (SafeTensors.Read(In("single/state.safetensors")), SafeTensors.Read(In("half/state.safetensors")));
        Assert.All(coarse, p => Assert.Equal(exact[p.Key].dtype, p.Value.dtype));
        Assert.Contains(coarse, p => p.Key.StartsWith("model.", StringComparison.Ordinal) && !p.Value.eq(p.Value.bfloat16().@float()).all().ToBoolean());
    }

    [Fact]
    public void UpdatesAndStudentsLearnInBFloat16Too()
    {
        var start = new GeneratorStart(tiny.Folder);
        foreach (var settings in new[] { Settings with { Start = start, LoraRank = 2 }, Settings with { Start = start, DistilledSteps = 8 } })
        {
            var loss = Train($"lora{settings.LoraRank}", settings);
            Assert.InRange(Train($"lora{settings.LoraRank}half", settings with { Precision = TrainingPrecision.BFloat16 }), 0.97 * loss, 1.03 * loss);
        }
    }

    [Fact]
    public void ADeviceWithoutBFloat16IsRefusedInOneLine()
    {
        var error = Assert.Throws<BadInputException>(() => TrainingPrecision.BFloat16.Require(new Device(DeviceType.MPS)));

        Assert.Matches("^precision bfloat16: mps.* can't compute in it .*; train in float32$", error.Message);
    }

    [Fact]
    public void MinSnrWeighsEachClipByItsTimestep()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(Architecture.UNet);
        using var encoder = new T5Encoder(Architecture.Text);
        encoder.eval();
        using var text = new TextEncoder(new ByteTokenizer(), encoder);
        var (schedule, prediction, even) = (Architecture.Sampler.NoiseSchedule(), Architecture.Sampler.PredictionType, ones(1, 4, 8, 1));
        var batch = new TrainingBatch(FormulaInput.Unit("clean", 3, 4, 8, 16), FormulaInput.Unit("noise", 3, 4, 8, 16), [20, 400, 990], ["A fan", "", "A pump"], FormulaInput.Unit("levels", 3, 32));
        using var plain = new DenoisingObjective(new ComputedUNet(unet), text, Architecture.Sampler, even);
        using var weighted = new DenoisingObjective(new ComputedUNet(unet), text, Architecture.Sampler, even, 5);

        var expected = batch.Parts(3).Average(part => schedule.MinSnrWeight(part.Timesteps[0], prediction, 5) * plain.Loss(part).ToDouble());

        Assert.Equal(expected, weighted.Loss(batch).ToDouble(), 1e-4 * expected);
    }

    [Fact]
    public void SamplesAreMadeOfEachModelThatIsWritten()
    {
        Train("run", Settings with { Samples = 2 });

        var steps = Directory.GetDirectories(In("run/samples")).Select(Path.GetFileName).Order().ToArray();
        Assert.Contains("000003", steps);
        Assert.All(steps, step => Assert.Equal(["00.json", "00.wav", "01.json", "01.wav"], Directory.GetFiles(In($"run/samples/{step}")).Select(Path.GetFileName).Order()));
    }

    [Fact]
    public void ImpossibleChoicesAreRefused()
    {
        foreach (var (reason, settings) in new[]
        {
            ("above 0", Settings with { MinSnrGamma = 0 }),
            ("1 part or more", Settings with { Accumulation = 0 }),
            ("exclude each other", Settings with { Start = new GeneratorStart(tiny.Folder), DistilledSteps = 4, MinSnrGamma = 5 }),
        })
            Assert.Contains(reason, Assert.Throws<BadInputException>(() => Train("run", settings)).Message, StringComparison.Ordinal);
    }

    private void AssertSameWeights(GeneratorTrainingSettings one, GeneratorTrainingSettings other)
    {
        Train("one", one);
        Train("other", other);
        using var scope = NewDisposeScope();
        var (expected, actual) = (SafeTensors.Read(In("one/state.safetensors")), SafeTensors.Read(In("other/state.safetensors")));
        var moved = expected.Where(p => p.Key.StartsWith("optimizer.", StringComparison.Ordinal) && p.Key.EndsWith(".exp_avg", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(moved);
        Assert.All(moved, p => Assert.True((actual[p.Key] - p.Value).norm().ToDouble() <= 1e-3 * p.Value.norm().ToDouble() + 1e-9, p.Key));
    }

    private double Train(string name, GeneratorTrainingSettings settings, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var architecture = settings.Start?.Architecture(tiny.Codec, null, new HubCache(root)) ?? Architecture;
        using var trainer = new GeneratorTrainer(architecture, settings, In(name), tiny.Codec, tiny.Recordings.ForTraining);
        return trainer.Run(progress, stop);
    }

    private string In(string name) => Path.Combine(root, name);
}

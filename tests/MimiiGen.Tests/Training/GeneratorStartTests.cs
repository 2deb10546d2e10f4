using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Generation;
using MimiiGen.Hub;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

/// <summary>Trainings that begin with a model: fine-tuning, LoRA and distillation.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class GeneratorStartTests(TinyModel tiny) : IDisposable
{
    private const string UNetFile = "unet/diffusion_pytorch_model.safetensors";
    private static readonly GeneratorTrainingSettings Settings = TinyNetworks.Settings with { Steps = 12, CheckpointEvery = 3, LearningRate = 1e-3 };

    private readonly string root = Directory.CreateTempSubdirectory("start").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void BeginsWithTheWeightsOfTheStart()
    {
        Train("run", Settings with { Start = Start(), Steps = 1 }); // the first step of a warm-up has rate 0

        foreach (var file in new[] { UNetFile, "text_encoder/model.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Folder, file)), File.ReadAllBytes(In($"run/model/{file}")));
    }

    [Fact]
    public void TakesAPipelineOfDiffusersWithoutLevels()
    {
        var config = TinyNetworks.Generator.UNet with { ClassEmbedType = null, ProjectionClassEmbeddingsInputDim = null };
        config.Write(In("pipeline/unet/config.json"));
        TinyNetworks.Generator.Sampler.Write(In("pipeline/scheduler/scheduler_config.json"));
        using (var unet = new UNet2DConditionModel(config)) ModelWeights.Save(unet, In($"pipeline/{UNetFile}"));

        Train("run", Settings with { Start = new GeneratorStart(In("pipeline")) });

        using var model = SoundModel.Load(In("run/model"));
        var clip = new ClipGenerator(model, new SamplingSettings(Steps: 2)).Generate(new ClipRequest("A fan", 1, 0.4));
        Assert.All(clip.Waveform.Channel(0), s => Assert.True(float.IsFinite(s)));
    }

    [Fact]
    public void LowRankUpdatesAreSmallAndMergedAtLoad()
    {
        Train("lora", Settings with { Start = Start(), LoraRank = 2 });

        Assert.False(File.Exists(In($"lora/model/{UNetFile}")));
        Assert.True(Size("lora/model") < 0.2 * new DirectoryInfo(tiny.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length));
        using var model = SoundModel.Load(In("lora/model"));
        using var tuned = SoundModel.Load(tiny.Folder);
        var changed = model.UNet.state_dict().Where(p => !p.Value.eq(tuned.UNet.state_dict()[p.Key]).all().ToBoolean()).Select(p => p.Key).ToArray();
        Assert.Equal(32, changed.Length); // 4 transformers of 2 attentions of 4 projections
        Assert.All(changed, name => Assert.Contains(".attn", name, StringComparison.Ordinal));
        Assert.Contains("unet/pytorch_lora_weights.safetensors", model.WeightsSha256().Keys);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(null, 2)]
    [InlineData(null, null)]
    public void AResumedRunEndsBitForBitAsOneThatWasNotStopped(int? rank, int? steps)
    {
        var settings = Settings with { Start = Start(), LoraRank = rank, DistilledSteps = steps }; // stages of the distillation: 8, 4, 2 steps
        Train("through", settings);
        foreach (var at in new[] { 5, 9 })
            using (var stop = new StopAt("training generator", at))
                Assert.Throws<OperationCanceledException>(() => Train("stopped", settings, stop, stop.Token));
        Train("stopped", settings);

        Assert.Equal(File.ReadAllBytes(In("through/state.safetensors")), File.ReadAllBytes(In("stopped/state.safetensors")));
        Assert.Equal(File.ReadAllText(In("through/best.txt")), File.ReadAllText(In("stopped/best.txt")));
    }

    [Fact]
    public void AStudentNeedsFewStepsAndNoGuidance()
    {
        Train("run", Settings with { Start = Start(), DistilledSteps = 4 });

        using var model = SoundModel.Load(In("run/model"));
        var generator = new ClipGenerator(model, new SamplingSettings());
        Assert.Equal((4, 1, "DDIMScheduler"), (generator.Steps, generator.GuidanceScale, generator.SamplerName));
        Assert.Equal(TimestepSpacing.Trailing, model.Sampler.TimestepSpacing);
        Assert.NotEmpty(generator.Generate(new ClipRequest("A fan", 1, 0.4)).Waveform.Channel(0));
        Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Folder, "text_encoder/model.safetensors")), File.ReadAllBytes(In("run/model/text_encoder/model.safetensors")));
    }

    [Fact]
    public void NoTensorIsLeftBehindByAStepOfADistillation()
    {
        var live = new List<long>();
        Train("run", Settings with { Start = Start(), DistilledSteps = 8 }, new EachReport(_ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)));

        Assert.All(live.TakeLast(11), count => Assert.Equal(live[1], count));
    }

    [Fact]
    public void UpdatesOfAModelThatHasChangedAreRefused()
    {
        Copy(tiny.Folder, In("base"));
        Train("lora", Settings with { Start = new GeneratorStart(In("base")), LoraRank = 2, Steps = 3 });
        using (var other = UNetFolder.Load(In("base/unet")))
        {
            using (torch.no_grad()) other.parameters().First().mul_(2);
            ModelWeights.Save(other, In($"base/{UNetFile}"));
        }

        Assert.Contains("another U-Net", Assert.Throws<BadInputException>(() => SoundModel.Load(In("lora/model"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds updates", Assert.Throws<BadInputException>(() => new GeneratorStart(In("lora/model"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotGoTogetherIsRefused()
    {
        foreach (var (reason, settings) in new[]
        {
            ("exclude each other", Settings with { Start = Start(), LoraRank = 2, DistilledSteps = 4 }),
            ("need a model to start from", Settings with { LoraRank = 2 }),
            ("before quantisation, not quantised at 0.9 kbit/s", Settings with { Start = Start(), LatentBandwidth = 0.9 }),
            ("give 1, 2, 4 or 8", Settings with { Start = Start(), DistilledSteps = 3 }),
            ("give 1 or more", Settings with { Start = Start(), LoraRank = 0 }),
        })
        {
            var error = Assert.Throws<BadInputException>(() => Train("run", settings));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }

        Assert.Contains("nothing to start from", Assert.Throws<BadInputException>(() => new GeneratorStart(In("none"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UsualSettingsAreThoseOfTheStart()
    {
        var settings = Start().Settings(new GeneratorTrainingSettings { LatentBandwidth = 24, LearningRate = 1 });

        Assert.Equal((null, 1e-4), (settings.LatentBandwidth, settings.LearningRate));
    }

    private GeneratorStart Start() => new(tiny.Folder);

    private void Train(string name, GeneratorTrainingSettings settings, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        var architecture = settings.Start?.Architecture(tiny.Codec, null, new HubCache(root)) ?? TinyNetworks.Generator;
        using var trainer = new GeneratorTrainer(architecture, settings, In(name), tiny.Codec, tiny.Recordings.ForTraining);
        trainer.Run(progress, stop);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private long Size(string name) => new DirectoryInfo(In(name)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    private string In(string name) => Path.Combine(root, name);
}

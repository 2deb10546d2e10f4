using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

[Collection(nameof(TrainingCollection))]
public sealed class GeneratorTrainerTests(TinyModel tiny) : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("generator").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void AResumedRunEndsBitForBitAsOneThatWasNotStopped()
    {
        var settings = TinyNetworks.Settings with { Steps = 16, CheckpointEvery = 6 };
        Train("through", settings);
        using (var stop = new StopAt("training generator", 6))
            Assert.Throws<OperationCanceledException>(() => Train("stopped", settings, stop, stop.Token));
        Train("stopped", settings);

        Assert.Equal(File.ReadAllBytes(In("through/state.safetensors")), File.ReadAllBytes(In("stopped/state.safetensors")));
        Assert.Equal(File.ReadAllText(In("through/best.txt")), File.ReadAllText(In("stopped/best.txt")));
    }

    [Fact]
    public void OtherSettingsAreRefusedInOneLine()
    {
        Train("run", TinyNetworks.Settings);

        var error = Assert.Throws<BadInputException>(() => Train("run", TinyNetworks.Settings with { LearningRate = 1e-4 }));

        Assert.Contains("begun with other settings", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void LatentsOfAnotherCodecAreRefused()
    {
        Train("run", TinyNetworks.Settings);
        var other = TinyNetworks.WriteCodec(In("codec"));
        using (var model = EncodecModel.Load(other))
        {
            using (torch.no_grad()) model.parameters().First().mul_(2);
            ModelWeights.Save(model, Path.Combine(other, "model.safetensors"));
        }

        var error = Assert.Throws<BadInputException>(() => new GeneratorTrainer(TinyNetworks.Generator, TinyNetworks.Settings, In("run"), other, tiny.Recordings.ForTraining));

        Assert.Contains("another codec", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLossFallsAndTheLogTellsIt()
    {
        Train("run", TinyNetworks.Settings with { Steps = 60, CheckpointEvery = 20, LearningRate = 2e-3, AverageDecay = 0.9 });

        var log = File.ReadAllLines(In("run/log.csv"));
        Assert.Equal("step,seconds,loss,validation", log[0]);
        Assert.Equal(["20", "40", "60"], log[1..].Select(l => l.Split(',')[0]));
        var validation = log[1..].Select(l => double.Parse(l.Split(',')[3])).ToArray();
        Assert.True(validation[^1] < validation[0], string.Join(' ', validation));
    }

    [Fact]
    public void NoTensorIsLeftBehindByAStep()
    {
        var live = new List<long>();
        var settings = TinyNetworks.Settings with { Steps = 12, CheckpointEvery = 4, FullLengthShare = 0.5 };
        Train("run", settings, new EachReport(_ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)));

        // the first step makes the gradients; they stay
        Assert.All(live.TakeLast(11), count => Assert.Equal(live[1], count));
    }

    private void Train(string name, GeneratorTrainingSettings settings, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        using var trainer = new GeneratorTrainer(TinyNetworks.Generator, settings, In(name), tiny.Codec, tiny.Recordings.ForTraining);
        trainer.Run(progress, stop);
    }

    private string In(string name) => Path.Combine(root, name);
}

using MimiiGen.Optimization;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class TrainingStateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("state").FullName;

    private string Path => System.IO.Path.Combine(folder, "state.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TakesUpWeightsMomentsAverageAndCounts()
    {
        using var begun = new Run(seed: 1);
        begun.Steps(3);
        begun.State.Save(Path, 3, "settings");
        using var resumed = new Run(seed: 2);

        Assert.Equal(3, resumed.State.Load(Path, "settings"));
        begun.Steps(10);
        resumed.Steps(10);

        Assert.Equal(begun.Numbers(), resumed.Numbers());
    }

    [Fact]
    public void OtherSettingsAreRefusedInOneLine()
    {
        using var run = new Run(seed: 1);
        run.State.Save(Path, 3, "{\"Steps\":5}");

        var error = Assert.Throws<BadInputException>(() => run.State.Load(Path, "{\"Steps\":6}"));

        Assert.Equal($"{Path}: this training was begun with other settings ({{\"Steps\":5}}); resume with those, or train into another folder", error.Message);
    }

    [Fact]
    public void AnotherModelsStateIsRefused()
    {
        using (var wide = new Run(seed: 1, width: 5)) wide.State.Save(Path, 3, "settings");
        using var run = new Run(seed: 1);

        var error = Assert.Throws<BadInputException>(() => run.State.Load(Path, "settings"));

        Assert.Contains("another model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailedSaveLeavesTheFormerStateWhole()
    {
        using var run = new Run(seed: 1);
        run.State.Save(Path, 3, "settings");
        var before = File.ReadAllBytes(Path);
        run.Average.Dispose();

        Assert.ThrowsAny<Exception>(() => run.State.Save(Path, 4, "settings"));

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.GetFiles(folder));
    }

    private sealed class Run : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> module;
        private readonly AdamW optimizer;

        public Run(int seed, int width = 4)
        {
            var linear = nn.Linear(width, 3);
            using var chance = new Generator((ulong)seed);
            using (no_grad())
                foreach (var parameter in linear.parameters())
                    parameter.copy_(randn(parameter.shape, generator: chance));
            module = linear;
            optimizer = new AdamW(module.named_parameters().Select(p => (p.name, p.parameter)));
            Average = new MovingAverageWeights(module, 0.9);
            State = new TrainingState(module, optimizer, Average);
        }

        public MovingAverageWeights Average { get; }

        public TrainingState State { get; }

        public void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.ZeroGradients();
                (module.call(arange(4, dtype: ScalarType.Float32)) - optimizer.Steps).square().sum().backward();
                optimizer.Step(0.1);
                Average.Update();
            }
        }

        public float[] Numbers()
        {
            using var scope = NewDisposeScope();
            return [.. module.parameters().Concat(Average.Shadow.Values).Concat(optimizer.State().Select(p => p.Value)).SelectMany(t => t.detach().to(ScalarType.Float32).flatten().data<float>())];
        }

        public void Dispose()
        {
            Average.Dispose();
            optimizer.Dispose();
            module.Dispose();
        }
    }
}

using MimiiGen.Generation;
using MimiiGen.Tests.Codec;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Training;

namespace MimiiGen.Tests.Training;

/// <summary>Whether the encoder's output or the sum of the codebooks is learned, and whether what is generated is quantised, is the model's own setting.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class LatentChoiceTests(TinyModel tiny) : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("latents").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void TheShippedModelSaysThatItsLatentsAreUnquantised()
    {
        var config = File.ReadAllText(RepositoryFolder.Of("models/default/config.json"));
        Assert.Contains("\"latent_bandwidth\": null", config, StringComparison.Ordinal);
        Assert.Contains("\"requantize_bandwidth\": null", config, StringComparison.Ordinal);
        Assert.Equal(24, new GeneratorTrainingSettings().LatentBandwidth);
    }

    [Fact]
    public void QuantisedLatentsAreSumsOfTheCodebooksAndTheModelSaysSo()
    {
        var codec = TinyNetworks.WriteCodec(In("codec"));
        FormulaCodec.FillCodebooks(codec, 0.5);
        Train("quantised", codec, 0.3, requantize: 0.9);
        Train("whole", codec, null, requantize: null);

        // one codebook of 16 entries leaves no more than 16 different frames
        Assert.InRange(DifferentFrames("quantised"), 2, 16);
        Assert.True(DifferentFrames("whole") > 16);
        var config = SoundModelConfig.Read(In("quantised/model/config.json"));
        Assert.Equal((0.3, 0.9), (config.LatentBandwidth, config.RequantizeBandwidth));
        Assert.Null(SoundModelConfig.Read(In("whole/model/config.json")).LatentBandwidth);

        var refused = Assert.Throws<BadInputException>(() => Train("quantised", codec, 0.9, requantize: 0.9));
        Assert.Contains("quantised at 0.3 kbit/s, not quantised at 0.9 kbit/s", refused.Message, StringComparison.Ordinal);

        var requantized = Generate();
        (config with { RequantizeBandwidth = null }).Write(In("quantised/model/config.json"));
        Assert.NotEqual(requantized, Generate());
        (config with { RequantizeBandwidth = 7 }).Write(In("quantised/model/config.json"));
        Assert.Contains("serves 0.3, 0.9", Assert.Throws<BadInputException>(Generate).Message, StringComparison.Ordinal);
    }

    private float[] Generate()
    {
        using var model = SoundModel.Load(In("quantised/model"));
        var generator = new ClipGenerator(model, new SamplingSettings { Steps = 2 });
        return generator.Generate(new ClipRequest(model.Config.Conditions[0].Caption, 3, 0.5)).Waveform.Channel(0);
    }

    private void Train(string name, string codec, double? bandwidth, double? requantize)
    {
        var settings = TinyNetworks.Settings with { Steps = 1, CheckpointEvery = 1, LatentBandwidth = bandwidth, RequantizeBandwidth = requantize };
        using var trainer = new GeneratorTrainer(TinyNetworks.Generator, settings, In(name), codec, tiny.Recordings.ForTraining);
        trainer.Run();
    }

    /// <summary>Different columns among the frames of the first clip.</summary>
    private int DifferentFrames(string run)
    {
        using var store = LatentStore.Read(In(run));
        using var frames = store.Shapes[0].t().contiguous().to(TorchSharp.torch.ScalarType.Float32); // (frames, rows)
        var rows = (int)frames.shape[1];
        return frames.data<float>().ToArray().Chunk(rows).Select(f => string.Join(' ', f)).Distinct().Count();
    }

    private string In(string name) => Path.Combine(root, name);
}

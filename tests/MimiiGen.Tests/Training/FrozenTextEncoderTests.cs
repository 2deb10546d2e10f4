using MimiiGen.Generation;
using MimiiGen.Hub;
using MimiiGen.Text;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

/// <summary>A generator on a published text encoder: trained, loaded, and refused on another encoder.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class FrozenTextEncoderTests(TinyModel tiny) : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("frozen").FullName;

    private string Encoder => Path.Combine(root, "t5");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void ItStaysAsItIsAndIsFoundAgainByItsHash()
    {
        WriteEncoder(seed: 1);
        var weights = File.ReadAllBytes(Path.Combine(Encoder, "model.safetensors"));
        var architecture = TinyNetworks.Generator.WithTextEncoder(Encoder, new HubCache(root));
        using (var trainer = new GeneratorTrainer(architecture, TinyNetworks.Settings, Path.Combine(root, "run"), tiny.Codec, tiny.Recordings.ForTraining)) trainer.Run();
        var folder = Path.Combine(root, "run", "model");

        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(Encoder, "model.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(folder, "text_encoder")));
        using (var model = SoundModel.Load(folder))
        {
            Assert.Equal(Encoder, model.Config.TextEncoder!.Model);
            Assert.Contains($"{Encoder}/model.safetensors", model.WeightsSha256().Keys);
            using var own = TextEncoder.FromPretrained(Encoder).Encode(["A fan"]);
            using var used = model.EmbedCaption("A fan");
            Assert.True(own.Embeddings.equal(used.Embeddings).all().ToBoolean());
            Assert.NotEmpty(new ClipGenerator(model, new SamplingSettings { Steps = 2 }).Generate(new ClipRequest("A fan", 1, 0.5)).Waveform.Channel(0).ToArray());
        }

        WriteEncoder(seed: 2);
        Assert.Contains("not the one that the generator was trained with", Assert.Throws<BadInputException>(() => SoundModel.Load(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(Encoder, recursive: true);
        Assert.Contains("no such folder", Assert.Throws<BadInputException>(() => SoundModel.Load(folder)).Message, StringComparison.Ordinal);
    }

    private void WriteEncoder(long seed)
    {
        torch.manual_seed(seed).Dispose();
        using var encoder = new T5Encoder(T5Config.SmallByteLevel with { DModel = 24, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2 });
        encoder.Save(Encoder);
    }
}

using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class T5FolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("t5").FullName;
    private readonly DisposeScope scope = NewDisposeScope();

    private string Weights => Path.Combine(folder, "model.safetensors");

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    public void ASavedModelIsLoadedBack(string name)
    {
        using var saved = TinyT5.Model(name);
        saved.Save(folder);

        using var model = T5ForConditionalGeneration.FromPretrained(folder);

        Assert.Equal(saved.Config, model.Config);
        AssertSameLogits(name, model);
    }

    [Fact]
    public void AnEncoderIsLoadedFromAWholeModel()
    {
        using var saved = TinyT5.Model("byt5");
        saved.Save(folder);

        var text = TextEncoder.FromPretrained(folder);

        using var expected = TinyT5.Encoder("byt5");
        GoldenFile.AssertClose(new TextEncoder(new ByteTokenizer(), expected).Encode(["a fan"]).Embeddings, text.Encode(["a fan"]).Embeddings, 0, "embedding");
    }

    [Fact]
    public void ShardsAliasesAndTheSurplusBiasOfOldFilesAreUnderstood()
    {
        using var saved = TinyT5.Model("t5v10");
        var weights = saved.state_dict();
        saved.Config.Write(Path.Combine(folder, "config.json"));
        var embedding = weights["shared.weight"];
        weights.Remove("shared.weight");
        SafeTensors.Write(Path.Combine(folder, "model-1.safetensors"), weights);
        SafeTensors.Write(Path.Combine(folder, "model-2.safetensors"), new Dictionary<string, Tensor>
        {
            ["encoder.embed_tokens.weight"] = embedding,
            ["decoder.embed_tokens.weight"] = embedding,
            ["lm_head.weight"] = embedding,
            ["decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"] = zeros(32, 4),
        });
        WriteIndex("""{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-1.safetensors"}}""");

        using var model = T5ForConditionalGeneration.FromPretrained(folder);

        AssertSameLogits("t5v10", model);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00001.bin")]
    public void PicklesAreReadWholeAndInShards(string file)
    {
        var config = T5Config.SmallByteLevel with { DModel = 16, DKv = 8, DFf = 24, NumLayers = 1, NumHeads = 2 };
        config.Write(Path.Combine(folder, "config.json"));
        File.Copy(GoldenFile.PathOf("t5/pytorch_model.bin"), Path.Combine(folder, file));
        File.WriteAllText(Path.Combine(folder, "pytorch_model.bin.index.json"), $$$"""{"weight_map": {"shared.weight": "{{{file}}}"}}""");
        using var expected = new T5ForConditionalGeneration(config);
        Formula.Fill(expected);

        using var model = T5ForConditionalGeneration.FromPretrained(folder);
        using var encoder = T5Encoder.FromPretrained(folder);

        foreach (var (name, value) in expected.state_dict()) GoldenFile.AssertClose(value, model.state_dict()[name], 0, name);
        foreach (var (name, value) in encoder.state_dict()) GoldenFile.AssertClose(expected.state_dict()[name], value, 0, name);
    }

    [Fact]
    public void AShardThatIsMissingIsNamed()
    {
        WriteIndex("""{"weight_map": {"a": "model-1.safetensors"}}""");

        Assert.Contains("model-1.safetensors: no such shard", Assert.Throws<BadInputException>(() => FrozenTextEncoder.Of(folder, new MimiiGen.Hub.HubCache(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfPrecisionIsLoadedAsSuch()
    {
        using var saved = TinyT5.Model("flan");
        saved.Save(folder);

        using var encoder = T5Encoder.FromPretrained(folder, ScalarType.Float16);

        Assert.All(encoder.parameters(), p => Assert.Equal(ScalarType.Float16, p.dtype));
    }

    [Fact]
    public void AnOutputMatrixThatDiffersFromTheEmbeddingUntiesAModelThatIsCalledTied()
    {
        using var saved = TinyT5.Model("flan");
        saved.Save(folder);
        (saved.Config with { TieWordEmbeddings = true, ScaleDecoderOutputs = false }).Write(Path.Combine(folder, "config.json"));

        using var model = T5ForConditionalGeneration.FromPretrained(folder);

        AssertSameLogits("flan", model);
    }

    [Fact]
    public void AFolderThatDoesNotFitTogetherIsRefusedInOneLine()
    {
        using var saved = TinyT5.Model("flan");
        AssertRefused("config.json");
        saved.Save(folder);
        (saved.Config with { NumLayers = 4 }).Write(Path.Combine(folder, "config.json"));
        AssertRefused("encoder.block.3");
        (saved.Config with { NumLayers = 2 }).Write(Path.Combine(folder, "config.json"));
        AssertRefused("encoder.block.2");
        (saved.Config with { DFf = 7 }).Write(Path.Combine(folder, "config.json"));
        AssertRefused("[80, 64]");
        saved.Config.Write(Path.Combine(folder, "config.json"));
        File.WriteAllBytes(Weights, File.ReadAllBytes(Weights)[..^1]);
        AssertRefused("truncated");
        WriteIndex("""{"weight_map": {"a": "../model.safetensors"}}""");
        AssertRefused("outside the folder");
        WriteIndex("{}");
        AssertRefused("weight_map");
        File.Delete(Path.Combine(folder, "model.safetensors.index.json"));
        File.Delete(Weights);
        AssertRefused("model.safetensors");
    }

    private void AssertRefused(string naming)
    {
        var message = Assert.Throws<BadInputException>(() => T5ForConditionalGeneration.FromPretrained(folder)).Message;
        Assert.Contains(naming, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private void WriteIndex(string json) => File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), json);

    private static void AssertSameLogits(string name, T5ForConditionalGeneration model)
    {
        using var noGrad = no_grad();
        var logits = model.call(TinyT5.Tensor($"{name}.input_ids"), TinyT5.Tensor($"{name}.attention_mask"), TinyT5.Tensor($"{name}.decoder_input_ids"));
        GoldenFile.AssertClose(TinyT5.Tensor($"{name}.logits"), logits, TinyT5.LogitsTolerance, name);
    }
}

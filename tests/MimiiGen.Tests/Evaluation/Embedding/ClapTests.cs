using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Embedding.Clap;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Embedding;

public sealed class ClapTests
{
    private const double Tolerance = 1e-5;

    private static readonly JsonElement Golden = GoldenFile.Json("embeddings/clap.json");

    [Fact]
    public void SoundsAndCaptionsEqualTheReference()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Filled();
        var golden = GoldenFile.Tensors("embeddings/clap.safetensors");

        var sounds = model.EmbedSounds(stack(Features(golden), 0).unsqueeze(1));
        var captions = model.EmbedCaptions(golden["text.input_ids"]);

        GoldenFile.AssertClose(golden["audio_embeds"], sounds, Tolerance, "sounds");
        GoldenFile.AssertClose(golden["text_embeds"], captions, Tolerance, "captions");
        GoldenFile.AssertClose(golden["cosine_text_rows_audio_columns"], captions.mm(sounds.t()), Tolerance, "cosines");
    }

    [Fact]
    public void NamesAreThePublishedOnesAndThoseOfLaionLeadToThem()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new ClapModel(ClapConfig.Unfused);
        var state = model.state_dict();
        var published = Names();
        Assert.Equal(
            published.Keys.Where(n => !n.EndsWith("_ids", StringComparison.Ordinal) && !n.EndsWith("_index", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            state.Keys.Order(StringComparer.Ordinal));
        Assert.All(state, entry => Assert.Equal(published[entry.Key], entry.Value.shape));

        var laion = ToLaion(state);
        Assert.Contains("module.audio_branch.layers.0.blocks.1.attn.qkv.weight", laion.Keys);
        Assert.True(LaionNames.Are(laion.Keys));
        var back = LaionNames.ToPublished(laion);

        Assert.Equal(state.Keys.Order(StringComparer.Ordinal), back.Keys.Order(StringComparer.Ordinal));
        Assert.All(state, entry => Assert.True(entry.Value.eq(back[entry.Key]).all().ToBoolean(), entry.Key));
    }

    [Theory]
    [InlineData(96, 6)]
    [InlineData(128, 12)]
    public void TheSizesAreReadOffTheWeightsOfTinyAndOfBase(int width, int blocks)
    {
        using var scope = NewDisposeScope();
        var sizes = new ClapConfig(width, [2, 2, blocks, 2], [4, 8, 16, 32]);
        using var model = new ClapModel(sizes);
        var state = model.state_dict();

        foreach (var weights in new[] { state, LaionNames.ToPublished(ToLaion(state)) })
        {
            var read = ClapConfig.Of(weights, "clap.pt");
            Assert.Equal((sizes.Width, sizes.LastWidth), (read.Width, read.LastWidth));
            Assert.Equal(sizes.Depths, read.Depths);
            Assert.Equal(sizes.Heads, read.Heads);
        }
    }

    [Theory]
    [InlineData("audio_model.audio_encoder.patch_embed.fusion_model.local_att.0.weight", "fusion")]
    [InlineData("module.audio_branch.patch_embed.fusion_model.local_att.0.weight", "fusion")]
    [InlineData("text_model.embeddings.word_embeddings.weight", "no weights of a CLAP model")]
    public void AModelWithFusionIsRefusedAndSoIsNone(string name, string reason)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("clap").FullName, "model.safetensors");
        using (var one = ones(1)) MimiiGen.Checkpoints.SafeTensors.Write(path, new Dictionary<string, Tensor> { [name] = one });

        Assert.Contains(reason, Assert.Throws<BadInputException>(() => ClapEmbedder.Load(path)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void ShortSoundsAreRepeatedAndLongOnesCutIntoTens()
    {
        var short3 = ClapEmbedder.Windows([.. Enumerable.Range(0, 144_000).Select(i => (float)i)]).Single();
        var long25 = ClapEmbedder.Windows(new float[1_200_000]).ToArray();

        Assert.Equal((480_000, 0f, 143_999f, 0f), (short3.Length, short3[144_000], short3[431_999], short3[432_000]));
        Assert.Equal([480_000, 480_000], long25.Select(w => w.Length));
    }

    private static ClapModel Filled()
    {
        var model = new ClapModel(ClapConfig.Unfused);
        Formula.Fill(model);
        var state = model.state_dict();
        state["audio_model.audio_encoder.batch_norm.running_mean"].sub_(40);
        state["audio_model.audio_encoder.batch_norm.running_var"].mul_(100);
        return model;
    }

    /// <summary>The four sounds of the reference; its spectra are checked too.</summary>
    private static Tensor[] Features(Dictionary<string, Tensor> golden)
    {
        var (fan, valve) = (EmbeddingClips.At("fan", 48000), EmbeddingClips.At("valve", 48000));
        (string Name, float[] Samples)[] sounds =
        [
            ("exact_10s", fan),
            ("short_3s", ClapEmbedder.Windows(fan[..144_000]).Single()),
            ("short_7s", ClapEmbedder.Windows(valve[..336_000]).Single()),
            ("long_20s", [.. fan.Concat(valve).Skip(123_456).Take(480_000)]),
        ];
        return [.. sounds.Select(s =>
        {
            var logMel = LogMel.Clap().Compute(s.Samples); // (1001, 64)
            GoldenFile.AssertClose(golden[$"{s.Name}.input_features_every_20th_frame"], logMel[TensorIndex.Slice(step: 20)], 1e-3, s.Name);
            return logMel;
        })];
    }

    private static Dictionary<string, long[]> Names() =>
        Golden.EnumerateObject().First(p => p.Name.Contains("names", StringComparison.Ordinal)).Value.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(v => v.GetInt64()).ToArray(), StringComparer.Ordinal);

    private static Dictionary<string, Tensor> ToLaion(Dictionary<string, Tensor> state)
    {
        var laion = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in state)
        {
            var old = name.Replace("audio_projection.linear1", "audio_projection.0", StringComparison.Ordinal).Replace("audio_projection.linear2", "audio_projection.2", StringComparison.Ordinal)
                .Replace("text_projection.linear1", "text_projection.0", StringComparison.Ordinal).Replace("text_projection.linear2", "text_projection.2", StringComparison.Ordinal)
                .Replace("text_model.", "text_branch.", StringComparison.Ordinal);
            if (old.StartsWith("audio_model.", StringComparison.Ordinal))
                old = old.Replace("audio_model.audio_encoder.", "audio_branch.", StringComparison.Ordinal).Replace(".attention.output.dense.", ".attn.proj.", StringComparison.Ordinal)
                    .Replace(".attention.self.relative", ".attn.relative", StringComparison.Ordinal).Replace(".layernorm_before.", ".norm1.", StringComparison.Ordinal)
                    .Replace(".layernorm_after.", ".norm2.", StringComparison.Ordinal).Replace(".intermediate.dense.", ".mlp.fc1.", StringComparison.Ordinal)
                    .Replace(".output.dense.", ".mlp.fc2.", StringComparison.Ordinal).Replace(".batch_norm.", ".bn0.", StringComparison.Ordinal);
            if (old.Contains(".attention.self.key.", StringComparison.Ordinal) && old.StartsWith("audio", StringComparison.Ordinal)) continue;
            if (old.Contains(".attention.self.value.", StringComparison.Ordinal) && old.StartsWith("audio", StringComparison.Ordinal)) continue;
            if (old.Contains(".attention.self.query.", StringComparison.Ordinal) && old.StartsWith("audio", StringComparison.Ordinal))
                laion["module." + old.Replace(".attention.self.query.", ".attn.qkv.", StringComparison.Ordinal)] =
                    cat([value, state[name.Replace("query", "key", StringComparison.Ordinal)], state[name.Replace("query", "value", StringComparison.Ordinal)]], 0);
            else laion["module." + old] = value;
        }

        return laion;
    }
}

using System.Text.Json;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

/// <summary>Flan-T5 small at its full size, from captions to embeddings and to text, with weights by formula.</summary>
public sealed class FlanT5SmallTests
{
    [Fact]
    public void CaptionsEmbeddingsLogitsAndTextEqualTheReference()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var published = GoldenFile.Json("t5/names.json").GetProperty("flan-t5-small");
        var golden = GoldenFile.Json("t5/flan-t5-small.json");
        var recorded = GoldenFile.Tensors("t5/flan-t5-small.safetensors");
        var captions = golden.GetProperty("captions").Deserialize<string[]>()!;
        var tokenizer = SentencePieceTokenizer.Read(ModelFile.SentencePiece);
        using var model = new T5ForConditionalGeneration(T5Config.Parse(published.GetProperty("config").GetRawText(), "flan-t5-small"));
        TinyT5.Fill(model, model.Config, golden.GetProperty("factors"));

        var batch = CaptionBatch.Create(tokenizer, captions, 512);
        Assert.Equal(recorded["input_ids"].data<long>().ToArray(), batch.InputIds.data<long>().ToArray());
        Assert.Equal(recorded["attention_mask"].data<long>().ToArray(), batch.AttentionMask.data<long>().ToArray());

        var states = model.Encode(batch.InputIds, batch.AttentionMask);
        var seen = batch.AttentionMask.unsqueeze(-1);
        GoldenFile.AssertClose(recorded["encoder.last_hidden_state.every8channels"] * seen, states[.., .., TensorIndex.Slice(step: 8)] * seen, TinyT5.EncoderTolerance, "states");
        GoldenFile.AssertClose(recorded["encoder.caption3"], states[3, ..12], TinyT5.EncoderTolerance, "caption 3");

        var greedy = golden.GetProperty("greedy_ids").Deserialize<long[][]>()!;
        var logits = model.call(batch.InputIds, batch.AttentionMask, tensor(greedy.SelectMany(ids => ids[..^1]).ToArray(), [5, 15]));
        GoldenFile.AssertClose(recorded["logits.every64"], logits[.., .., TensorIndex.Slice(step: 64)], TinyT5.LogitsTolerance, "logits");

        var texts = new TextGenerator(tokenizer, model).Generate(batch, new GenerationOptions { MaxLength = 16 });
        for (var i = 0; i < captions.Length; i++)
        {
            Assert.Equal(greedy[i], texts[i][0].Ids);
            Assert.Equal(golden.GetProperty("greedy_text")[i].GetString(), tokenizer.Decode(texts[i][0].Ids));
        }
    }
}

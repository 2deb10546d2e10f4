using System.Text.Json;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

public sealed class SentencePieceTokenizerTests
{
    private static readonly SentencePieceTokenizer Tokenizer = SentencePieceTokenizer.Read(ModelFile.SentencePiece);

    [Fact]
    public void NormalisedTextEqualsTheReference()
    {
        foreach (var row in Rows("tokenize"))
            Assert.Equal(row.GetProperty("normalized").GetString(), Tokenizer.Normalize(row.GetProperty("text").GetString()!));
    }

    [Fact]
    public void IdsEqualTheReference()
    {
        foreach (var row in Rows("tokenize"))
        {
            var text = row.GetProperty("text").GetString()!;
            long[] expected = HoldsSpecialToken(text) && row.TryGetProperty("hf_ids", out var special)
                ? special.Deserialize<long[]>()!
                : [.. row.GetProperty("ids").Deserialize<long[]>()!, 1];
            Assert.Equal(expected, Tokenizer.Encode(text));
        }
    }

    [Fact]
    public void TextsOfIdsEqualTheReference()
    {
        foreach (var row in Rows("detokenize"))
            Assert.Equal(row.GetProperty("hf_skip").GetString(), Tokenizer.Decode(row.GetProperty("ids").Deserialize<long[]>()!));
        foreach (var row in Rows("tokenize").Where(row => row.GetProperty("hf_equal").GetBoolean()))
        {
            var expected = row.TryGetProperty("hf_decoded", out var skipped) ? skipped : row.GetProperty("decoded");
            Assert.Equal(expected.GetString(), Tokenizer.Decode(row.GetProperty("ids").Deserialize<long[]>()!));
        }
    }

    [Fact]
    public void BatchesArePaddedAndCutAsTheReference()
    {
        var golden = GoldenFile.Json("t5/padding.json");
        var texts = golden.GetProperty("texts").Deserialize<string[]>()!;
        foreach (var row in golden.GetProperty("rows").EnumerateArray())
        {
            var options = row.GetProperty("options");
            var most = options.TryGetProperty("max_length", out var length) ? length.GetInt32() : int.MaxValue;
            using var batch = CaptionBatch.Create(Tokenizer, texts, most);
            var width = (int)batch.InputIds.shape[1];

            Assert.Equal(Flat(row, "input_ids", width), batch.InputIds.data<long>().ToArray());
            Assert.Equal(Flat(row, "attention_mask", width), batch.AttentionMask.data<long>().ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(700_000)]
    public void ATornModelIsRefused(int bytes)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, File.ReadAllBytes(ModelFile.SentencePiece)[..bytes]);
        Assert.StartsWith(path, Assert.Throws<BadInputException>(() => SentencePieceTokenizer.Read(path)).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    private static JsonElement.ArrayEnumerator Rows(string file) => GoldenFile.Json($"t5/{file}.json").GetProperty("rows").EnumerateArray();

    private static bool HoldsSpecialToken(string text) =>
        new[] { "</s>", "<pad>", "<unk>", "<extra_id_" }.Any(special => text.Contains(special, StringComparison.Ordinal));

    /// <summary>The recorded rows up to a width: the reference pads to a fixed one where asked to, ours to the longest caption.</summary>
    private static IEnumerable<long> Flat(JsonElement row, string name, int width)
    {
        foreach (var ids in row.GetProperty(name).Deserialize<long[][]>()!)
        {
            Assert.All(ids.Skip(width), id => Assert.Equal(0, id));
            foreach (var id in ids.Take(width)) yield return id;
        }
    }
}

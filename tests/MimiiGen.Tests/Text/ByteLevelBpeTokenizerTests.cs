using System.Text.Json;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

public sealed class ByteLevelBpeTokenizerTests
{
    private static readonly ByteLevelBpeTokenizer Tokenizer = ByteLevelBpeTokenizer.Read(Path.GetDirectoryName(GoldenFile.PathOf("embeddings/bpe/vocab.json"))!);

    [Fact]
    public void EveryTextHasTheReferencesIds()
    {
        var cases = GoldenFile.Json("embeddings/bpe/cases.json").GetProperty("cases").EnumerateArray().ToArray();

        Assert.Equal(33, cases.Length);
        Assert.All(cases, c =>
        {
            var text = System.Text.Encoding.UTF8.GetString(Convert.FromHexString(c.GetProperty("utf8_hex").GetString()!));
            Assert.Equal(Ids(c, "ids"), Tokenizer.Tokenize(text));
            Assert.Equal(Ids(c, "with_special_tokens_hf_roberta"), Tokenizer.Encode(text));
        });
    }

    [Fact]
    public void ALongTextIsCutBeforeItsEnd()
    {
        var whole = Tokenizer.Encode("A fan model is running on over voltage with anomaly");

        Assert.Equal([.. whole[..4], 2L], Tokenizer.Encode("A fan model is running on over voltage with anomaly", 5));
    }

    [Fact]
    public void AFolderWithoutATokenizerIsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("bpe").FullName;
        try
        {
            Assert.Throws<BadInputException>(() => ByteLevelBpeTokenizer.Read(folder));
            File.WriteAllText(Path.Combine(folder, "vocab.json"), "{");
            File.WriteAllText(Path.Combine(folder, "merges.txt"), "a b");
            Assert.Throws<BadInputException>(() => ByteLevelBpeTokenizer.Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long[] Ids(JsonElement item, string key) => [.. item.GetProperty(key).EnumerateArray().Select(v => v.GetInt64())];
}

using System.Text.Json;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;

namespace MimiiGen.Tests.Text;

public sealed class ByteTokenizerTests
{
    private readonly ByteTokenizer tokenizer = new();

    [Fact]
    public void IdsAndTextsEqualTheReference()
    {
        foreach (var row in GoldenFile.Json("t5/byt5.json").GetProperty("rows").EnumerateArray())
        {
            var ids = row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()).ToArray();
            Assert.Equal(ids, tokenizer.Encode(row.GetProperty("text").GetString()!));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void TruncationKeepsTheEnd()
    {
        foreach (var row in GoldenFile.Json("t5/byt5.json").GetProperty("truncated").EnumerateArray())
        {
            using var batch = CaptionBatch.Create(tokenizer, [row.GetProperty("text").GetString()!], row.GetProperty("max_length").GetInt32());
            Assert.Equal(row.GetProperty("ids").Deserialize<long[]>(), batch.InputIds.data<long>().ToArray());
        }
    }
}

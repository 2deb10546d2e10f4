using System.Text.Json;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class TextGeneratorTests
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Theory]
    [InlineData("t5v10")]
    [InlineData("flan")]
    [InlineData("byt5")]
    public void EverySearchEqualsTheReference(string name)
    {
        using var scope = NewDisposeScope();
        using var model = TinyT5.Model(name);
        var generator = new TextGenerator(new ByteTokenizer(), model);
        var batch = new CaptionBatch(TinyT5.Tensor($"{name}.input_ids"), TinyT5.Tensor($"{name}.attention_mask"));
        foreach (var run in TinyT5.Run(name).GetProperty("generation").EnumerateObject())
        {
            var options = run.Value.GetProperty("options").Deserialize<GenerationOptions>(SnakeCase)!;
            var expected = run.Value.GetProperty("sequences").Deserialize<long[][][]>()!;

            var items = generator.Generate(batch, options);

            for (var item = 0; item < expected.Length; item++)
                for (var beam = 0; beam < expected[item].Length; beam++)
                {
                    var where = $"{name} {run.Name} item {item} beam {beam}";
                    Assert.True(ToTheEnd(expected[item][beam]).SequenceEqual(items[item][beam].Ids), $"{where}: {string.Join(' ', items[item][beam].Ids)}");
                    if (run.Value.TryGetProperty("scores", out var scores))
                        Assert.Equal(scores[item][beam].GetDouble(), items[item][beam].Score, 1e-5);
                }
        }
    }

    [Fact]
    public void DrawsFollowTheSeedAndStayAmongTheLikeliest()
    {
        using var scope = NewDisposeScope();
        using var model = TinyT5.Model("byt5");
        var generator = new TextGenerator(new ByteTokenizer(), model);
        string Draw(int seed) => generator.Generate("a fan", new GenerationOptions { DoSample = true, Seed = seed, TopK = 5, TopP = 0.9, MaxLength = 20 });
        var greedy = generator.Generate("a fan", new GenerationOptions { MaxLength = 20 });

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.Equal(greedy, generator.Generate("a fan", new GenerationOptions { DoSample = true, TopK = 1, MaxLength = 20 }));
    }

    [Fact]
    public void NothingIsLeftBehindInMemory()
    {
        using var model = TinyT5.Model("flan");
        var generator = new TextGenerator(new ByteTokenizer(), model);
        using var batch = new CaptionBatch(TinyT5.Tensor("flan.input_ids").clone(), TinyT5.Tensor("flan.attention_mask").clone());
        var options = new GenerationOptions { NumBeams = 3, MaxLength = 8 };
        generator.Generate(batch, options);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        generator.Generate(batch, options);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        using var model = TinyT5.Model("flan");
        var generator = new TextGenerator(new ByteTokenizer(), model);
        foreach (var options in new GenerationOptions[]
        {
            new() { MaxLength = 1 }, new() { NumBeams = 0 }, new() { NumBeams = 2, DoSample = true }, new() { NoRepeatNgramSize = -1 },
            new() { RepetitionPenalty = 0 }, new() { Temperature = 0 }, new() { TopK = -1 }, new() { TopP = 0 }, new() { TopP = 1.1 },
        })
            Assert.DoesNotContain('\n', Assert.Throws<BadInputException>(() => generator.Generate("a", options)).Message);
    }

    private static long[] ToTheEnd(long[] filled)
    {
        var end = Array.IndexOf(filled, 1);
        return end < 0 ? filled : filled[..(end + 1)];
    }
}

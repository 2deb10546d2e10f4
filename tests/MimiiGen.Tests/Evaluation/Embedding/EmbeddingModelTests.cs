using MimiiGen.Evaluation.Embedding;
using MimiiGen.Hub;

namespace MimiiGen.Tests.Evaluation.Embedding;

public sealed class EmbeddingModelTests
{
    private static readonly HubCache Empty = new(Path.Combine(Path.GetTempPath(), "no-such-cache"));

    [Theory]
    [InlineData("efficientat", "EfficientAT mn04_as, 32 kHz", 32000)]
    [InlineData("codec", "means of a second, 24 kHz", 24000)]
    public void WhatShipsIsLoadedByItsName(string name, string called, int rate)
    {
        using var embedder = EmbeddingModel.Load(name, null, Empty);

        Assert.Contains(called, embedder.Name, StringComparison.Ordinal);
        Assert.Equal(rate, embedder.SampleRate);
        Assert.Matches("^[0-9a-f]{64}$", embedder.WeightsHash);
    }

    [Theory]
    [InlineData("openl3", null, "there are efficientat, vggish, panns, panns-16k, clap, codec")]
    [InlineData("vggish", null, "models pull vggish")]
    [InlineData("panns-16k", null, "models pull panns-16k")]
    [InlineData("clap", null, "models pull clap")]
    [InlineData("panns", "/no/such/folder", "no such folder")]
    public void WhatIsNotThereIsRefusedWithTheWayToMendIt(string name, string? weights, string mending) =>
        Assert.Contains(mending, Assert.Throws<BadInputException>(() => EmbeddingModel.Load(name, weights, Empty)).Message, StringComparison.Ordinal);

    [Fact]
    public void WeightsOfAnotherModelAreRefused() =>
        Assert.Contains("is missing", Assert.Throws<BadInputException>(() => EmbeddingModel.Load("vggish", RepositoryFolder.Of("models/efficientat-mn04"), Empty)).Message, StringComparison.Ordinal);
}

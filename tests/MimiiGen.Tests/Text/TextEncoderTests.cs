using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Text;

public sealed class TextEncoderTests
{
    private static readonly string[] Captions = ["A fan with anomaly", "", "A fan with anomaly", "A valve of moving pattern 1 in open surroundings"];

    [Fact]
    public void AnEmbeddingDoesNotDependOnWhatItIsBatchedWith()
    {
        using var scope = NewDisposeScope();
        using var encoder = Seeded();
        encoder.eval();
        var text = new TextEncoder(new ByteTokenizer(), encoder);

        var together = text.Encode(Captions);
        var alone = text.Encode(["A fan with anomaly"]);

        var tokens = alone.Mask.shape[1];
        Assert.Equal([4, Captions[3].Length + 1, 128], together.Embeddings.shape);
        Assert.Equal([19L, 1, 19, Captions[3].Length + 1], together.Mask.sum(1).data<long>().ToArray());
        foreach (var row in new[] { 0, 2 })
            Assert.True(together.Embeddings[row, ..(int)tokens].equal(alone.Embeddings[0]).all().ToBoolean());
        Assert.Equal(0, together.Embeddings[1, 1..].abs().max().ToSingle());
        Assert.False(together.Embeddings.requires_grad);
    }

    [Fact]
    public void TrainingModeLetsGradientsThrough()
    {
        using var scope = NewDisposeScope();
        using var encoder = Seeded();
        encoder.train();

        var embedding = new TextEncoder(new ByteTokenizer(), encoder).Encode(Captions);

        Assert.True(embedding.Embeddings.requires_grad);
    }

    [Fact]
    public void ACaptionThatIsCutIsNamedOnce()
    {
        using var scope = NewDisposeScope();
        using var encoder = Seeded();
        encoder.eval();
        var warnings = new List<string>();

        using var text = new TextEncoder(new ByteTokenizer(), encoder, maxTokens: 19, warnings.Add);

        text.Encode(Captions);
        var embedding = text.Encode(Captions);

        Assert.Equal(19, embedding.Mask.shape[1]);
        Assert.Contains(Captions[3], Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ARememberedCaptionIsComputedOnceAndTheOldestAreForgotten()
    {
        using var scope = NewDisposeScope();
        using var encoder = Seeded();
        encoder.eval();
        var counting = new CountingTokenizer();
        using var text = new TextEncoder(counting, encoder, remembered: 2);
        using var fresh = new TextEncoder(new ByteTokenizer(), encoder);

        var first = text.Encode(Captions[..3]);
        Assert.Equal(2, counting.Texts);
        GoldenFile.AssertClose(first.Embeddings, text.Encode(Captions[..3]).Embeddings, 0, "remembered");
        Assert.Equal(2, counting.Texts);
        text.Encode([Captions[3]]);
        text.Encode([Captions[0]]);
        Assert.Equal(4, counting.Texts);
        GoldenFile.AssertClose(fresh.Encode([Captions[0]]).Embeddings, text.Encode([Captions[0]]).Embeddings, 0, "after the others");
    }

    [Fact]
    public void RememberedEmbeddingsAreFreedWithTheEncoder()
    {
        using var encoder = Seeded();
        encoder.eval();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var text = new TextEncoder(new ByteTokenizer(), encoder, remembered: 2)) text.Encode(Captions).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void NothingIsLeftBehindInMemory()
    {
        using var encoder = Seeded();
        encoder.eval();
        var text = new TextEncoder(new ByteTokenizer(), encoder);
        text.Encode(Captions).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        text.Encode(Captions).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CaptionsSideBySideEqualTheNetworkOnEach(bool gated)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var config = new T5Config { DModel = 48, DKv = 8, DFf = 72, NumHeads = 3, NumLayers = 2, VocabSize = 384 };
        using var encoder = new T5Encoder(gated ? config with { FeedForwardProj = T5Config.GatedGelu } : config);
        encoder.eval();
        Assert.True(encoder.EncodesEach);
        var text = new TextEncoder(new ByteTokenizer(), encoder);

        var side = text.Encode(Captions);

        using var noGrad = no_grad();
        using var batch = CaptionBatch.Create(new ByteTokenizer(), Captions, 512);
        var network = encoder.call(batch.InputIds, batch.AttentionMask) * batch.AttentionMask.unsqueeze(2);
        GoldenFile.AssertClose(network, side.Embeddings, 2e-6 * network.abs().max().ToDouble(), "side by side");
    }

    private static T5Encoder Seeded()
    {
        random.manual_seed(3);
        return new T5Encoder(T5Config.SmallByteLevel);
    }

    private sealed class CountingTokenizer : ITokenizer
    {
        private readonly ByteTokenizer bytes = new();

        public int Texts { get; private set; }

        public long PadTokenId => bytes.PadTokenId;

        public long EosTokenId => bytes.EosTokenId;

        public long[] Encode(string text)
        {
            Texts++;
            return bytes.Encode(text);
        }

        public string Decode(IEnumerable<long> ids) => bytes.Decode(ids);
    }
}

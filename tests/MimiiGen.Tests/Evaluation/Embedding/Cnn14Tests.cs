using MimiiGen.Audio;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Embedding;

public sealed class Cnn14Tests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void NamesShapesEmbeddingsAndLogitsAreThePublishedOnes()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = new Cnn14();
        var golden = GoldenFile.Tensors("embeddings/panns.safetensors");
        var names = GoldenFile.Json("embeddings/panns.json").GetProperty("state_dict_names_and_shapes_32k");
        Assert.Equal(
            names.EnumerateObject().Select(p => p.Name).Where(n => !Cnn14.IsFrontEnd(n)).Order(StringComparer.Ordinal),
            network.state_dict().Keys.Order(StringComparer.Ordinal));
        EmbeddingClips.Fill(network);
        var state = network.state_dict();
        state["bn0.running_mean"].sub_(40);
        state["bn0.running_var"].mul_(100);

        foreach (var (rate, frontEnd) in new[] { (32, LogMel.Panns()), (16, LogMel.Panns16k()) })
            foreach (var clip in new[] { "fan", "valve" })
            {
                var input = frontEnd.Compute(EmbeddingClips.At(clip, 1000 * rate)).unsqueeze(0).unsqueeze(0); // (1, 1, 1001, 64)
                var (logits, embedding) = network.call(input);

                GoldenFile.AssertClose(golden[$"{rate}k.{clip}.logits"], logits[0], Tolerance, $"{rate} kHz logits of {clip}");
                GoldenFile.AssertClose(golden[$"{rate}k.{clip}.embedding"], embedding[0], Tolerance, $"{rate} kHz embedding of {clip}");
            }
    }
}

using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Codec.Streaming;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>A waveform or latents that come in parts give what the whole gives, whatever the parts.</summary>
public sealed class StreamingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly Dictionary<string, Tensor> golden = GoldenFile.Tensors("encodec/streaming.safetensors");

    public static TheoryData<string> Architectures => ["causal", "centred", "centred with lstm", "deep", "odd widths", "zero padding"];

    public void Dispose()
    {
        inference.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData("tiny", 1)]
    [InlineData("tiny", 3)]
    [InlineData("tiny", 10)]
    [InlineData("tiny", 39)]
    [InlineData("full", 10)]
    public void DecodedInPartsEqualsReference(string size, int frames)
    {
        using var model = FormulaCodec.Of(GoldenFile.Json($"encodec/{size}24.json"));
        var latents = Latents(size, model.Config.HiddenSize);

        var decoded = Decode(model, latents, frames);

        GoldenFile.AssertClose(golden[$"{size}.decoded"], decoded[.., .., TensorIndex.Slice(null, null, size == "full" ? 4 : 1)], FormulaCodec.DecoderTolerance, size);
    }

    [Fact]
    public void PartsDecodedByThemselvesAreTheReferencesNaiveOnesAndFarOff()
    {
        using var model = FormulaCodec.Of(GoldenFile.Json("encodec/tiny24.json"));
        var naive = cat(Latents("tiny", 16).split(10, 2).Select(model.Decode).ToArray(), 2);
        GoldenFile.AssertClose(golden["tiny.naive10"], naive, FormulaCodec.DecoderTolerance, "naive");
        Assert.True((naive - golden["tiny.decoded"]).abs().max().ToDouble() > 0.5);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void PartsEqualTheWhole(string architecture)
    {
        using var model = FormulaCodec.Of(Architecture(architecture), _ => 1);
        var chance = new Random(7);
        foreach (var samples in new[] { 1, 5, 7, 319, 320, 321, 1500, 4001, 9001 })
        {
            var waveform = FormulaCodec.Input($"parts.{samples}", samples);
            var latents = model.Encode(waveform);
            var decoded = model.Decode(latents);
            foreach (var largest in new[] { 1 + (samples / 7), 700, samples })
            {
                var what = $"{architecture}, {samples} samples, parts up to {largest}";
                GoldenFile.AssertClose(latents, Run(model.Encoder.Layers, waveform, largest, chance), FormulaCodec.EncoderTolerance, what);
                GoldenFile.AssertClose(decoded, Run(model.Decoder.Layers, latents, 1 + (largest / 320), chance), FormulaCodec.DecoderTolerance, what);
            }
        }
    }

    [Fact]
    public void TheWholeIsBroughtToTheCodecsLevelAndBack()
    {
        using var model = FormulaCodec.Of(Architecture("centred") with { InputRms = 0.1 }, _ => 1);
        var quiet = FormulaCodec.Input("level", 5000) * 0.01;
        var scale = (quiet.square().mean().sqrt() / 0.1).ToSingle();

        var parts = StreamEncoder.Encode(model, Blocks(quiet, 1234)).ToArray();
        var decoded = cat(StreamDecoder.Decode(model, parts.Select(p => p with { Frames = p.Frames.clone() }), 5000).Select(b => tensor(b.Channel(0))).ToArray(), 0);

        Assert.All(parts, p => Assert.Equal(scale, p.Scale!.Value, scale * 1e-5));
        var latents = model.Encode(quiet / scale);
        GoldenFile.AssertClose(latents[0], cat(parts.Select(p => p.Frames).ToArray(), 1), FormulaCodec.EncoderTolerance, "latents");
        GoldenFile.AssertClose(model.Decode(latents)[0, 0, ..5000] * scale, decoded, FormulaCodec.DecoderTolerance * scale, "decoded");
    }

    private static EncodecConfig Architecture(string name)
    {
        var small = new EncodecConfig { NumFilters = 4, HiddenSize = 16, CodebookSize = 64, TargetBandwidths = [1.5] };
        return name switch
        {
            "causal" => small,
            "centred" => small with { UseCausalConv = false, NumLstmLayers = 0 },
            "centred with lstm" => small with { UseCausalConv = false },
            "deep" => small with { NumResidualLayers = 3, UseConvShortcut = false },
            "odd widths" => small with { UseCausalConv = false, KernelSize = 5, LastKernelSize = 3, ResidualKernelSize = 7, UpsamplingRatios = [5, 3] },
            _ => small with { PadMode = "constant", TrimRightRatio = 0.5 },
        };
    }

    private static Tensor Latents(string size, int dimension)
    {
        var frames = size == "tiny" ? 40 : 20;
        return (8 * Formula.Tensor("input.stream.z", dimension * frames)).reshape(1, dimension, frames);
    }

    private static Tensor Decode(EncodecModel model, Tensor latents, int frames) => Run(model.Decoder.Layers, latents, frames, null);

    /// <summary>Feeds parts of one length, or of lengths by chance.</summary>
    private static Tensor Run(IEnumerable<nn.Module<Tensor, Tensor>> layers, Tensor input, int largest, Random? chance)
    {
        using var stream = new StreamedStack(layers);
        var outputs = new List<Tensor?>();
        for (long at = 0; at < input.shape[2];)
        {
            var count = Math.Min(input.shape[2] - at, chance?.Next(1, largest + 1) ?? largest);
            outputs.Add(stream.Feed(input.narrow(2, at, count), last: false));
            at += count;
        }

        outputs.Add(stream.Feed(null, last: true));
        return cat(outputs.OfType<Tensor>().ToArray(), 2);
    }

    private static IEnumerable<Waveform> Blocks(Tensor waveform, int length) =>
        waveform[0, 0].split(length).Select(b => Waveform.Mono(b.data<float>().ToArray(), 24000));
}

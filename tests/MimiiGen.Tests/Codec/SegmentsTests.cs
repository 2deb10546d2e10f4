using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Codec.Streaming;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The 48 kHz architecture in small: stereo segments of one second, each at its own level, joined by cross-fades.</summary>
public sealed class SegmentsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly JsonElement golden = GoldenFile.Json("encodec/tiny48.json");
    private readonly Dictionary<string, Tensor> tensors = GoldenFile.Tensors("encodec/tiny48.safetensors");
    private readonly EncodecModel model;

    public SegmentsTests() => model = FormulaCodec.Of(golden);

    public static TheoryData<string> Cases => ["t57600", "t48000", "t24000", "t9001"];

    public void Dispose()
    {
        inference.Dispose();
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void SegmentsAreTheReferences()
    {
        Assert.Equal(golden.GetProperty("chunk_length").GetInt32(), model.Config.SegmentLength);
        Assert.Equal(golden.GetProperty("chunk_stride").GetInt32(), model.Config.SegmentStride);
        foreach (var name in Cases)
        {
            var chunks = Case(name).GetProperty("chunks").EnumerateArray().ToArray();
            var segments = new Segments(model.Config, Length(name));
            Assert.Equal(chunks.Length, segments.Count);
            Assert.Equal(chunks.Select(c => c.GetProperty("frames").GetInt64()), Enumerable.Range(0, chunks.Length).Select(i => segments.Frames(i)));
            Assert.Equal(chunks.Sum(c => c.GetProperty("frames").GetInt64()), segments.TotalFrames);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EncoderScaleAndCodesEqualReference(string name)
    {
        foreach (var blockLength in new[] { 7000, 100000 })
        {
            var parts = StreamEncoder.Encode(model, Blocks(name, blockLength)).ToArray();
            Assert.Equal(Case(name).GetProperty("chunks").GetArrayLength(), parts.Length);
            foreach (var part in parts)
            {
                var chunk = $"{name}.chunk{part.Segment}";
                var scale = tensors[$"{chunk}.scale"].ToSingle();
                Assert.Equal(scale, part.Scale!.Value, scale * 1e-6);
                GoldenFile.AssertClose(tensors[$"{chunk}.encoder"][0], part.Frames, FormulaCodec.EncoderTolerance, chunk);
                var clear = tensors[$"{chunk}.margin"].gt(1e-5); // (1, frames)
                Assert.True(clear.any().ToBoolean());
                var codes = model.Quantize(part.Frames.unsqueeze(0), 24).squeeze(1); // (codebooks, frames)
                Assert.False((codes.ne(tensors[$"{chunk}.codes"][0]) & clear).any().ToBoolean());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DecoderAndCrossFadeEqualReference(string name)
    {
        var count = Case(name).GetProperty("chunks").GetArrayLength();
        var codes = Enumerable.Range(0, count).Select(i => new EncodedPart(tensors[$"{name}.chunk{i}.codes"][0].clone(), i, tensors[$"{name}.chunk{i}.scale"].ToSingle()));
        var untrimmed = Case(name).GetProperty("decoded_length").GetInt32();

        var decoded = Join(StreamDecoder.Decode(model, StreamDecoder.Dequantize(model, codes), untrimmed));

        Assert.Equal([1, 2, untrimmed], decoded.shape);
        Assert.NotEqual(0, FormulaCodec.Compare(tensors, $"{name}.decoded", decoded, FormulaCodec.DecoderTolerance));
        if (name != "t57600") return;
        GoldenFile.AssertClose(tensors["t57600.decoded.47000_48640"], decoded[.., .., 47000..48640], FormulaCodec.DecoderTolerance, "cross-fade");
        for (var i = 0; i < 2; i++)
        {
            var alone = model.Decode(model.Dequantize(tensors[$"{name}.chunk{i}.codes"].transpose(0, 1))) * tensors[$"{name}.chunk{i}.scale"].ToSingle();
            Assert.Equal(1, FormulaCodec.Compare(tensors, $"{name}.chunk{i}.decoded", alone, FormulaCodec.DecoderTolerance));
        }
    }

    [Fact]
    public void EveryLayerEqualsReference()
    {
        var scale = tensors["t9001.chunk0.scale"].ToSingle();
        var compared = 0;
        LayerStack.Run(model.Encoder.Layers, FormulaCodec.Stereo("t9001", 9001) / scale, (i, output) =>
            compared += FormulaCodec.Compare(tensors, $"t9001.encoder.layers.{i}", output, FormulaCodec.EncoderTolerance));
        Assert.Equal(5, compared);
    }

    private JsonElement Case(string name) => golden.GetProperty("cases").GetProperty(name);

    private int Length(string name) => Case(name).GetProperty("input_shape")[2].GetInt32();

    private IEnumerable<Waveform> Blocks(string name, int length) => FormulaCodec.Stereo(name, Length(name))[0].split(length, 1)
        .Select(b => new Waveform([b[0].data<float>().ToArray(), b[1].data<float>().ToArray()], 48000));

    private static Tensor Join(IEnumerable<Waveform> blocks) =>
        cat(blocks.Select(b => stack(b.Channels.Select(c => tensor(c)))).ToArray(), 1).unsqueeze(0);
}

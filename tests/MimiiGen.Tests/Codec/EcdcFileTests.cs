using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Codec.Files;
using MimiiGen.Codec.Streaming;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>The encodec package's container: its own files read and written bit for bit, and malformed ones refused.</summary>
public sealed class EcdcFileTests : IClassFixture<EcdcFileTests.Codecs>, IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable inference = no_grad();
    private readonly string folder = Directory.CreateTempSubdirectory("ecdc").FullName;
    private readonly Codecs codecs;

    public EcdcFileTests(Codecs codecs) => this.codecs = codecs;

    public static TheoryData<string> Stems =>
    [
        "s1_24khz_1.5kbps", "s1_24khz_6kbps", "s1_24khz_24kbps", "real2.37_24khz_1.5kbps", "real2.37_24khz_6kbps", "real2.37_24khz_24kbps", "t57600_48khz_6kbps",
    ];

    public static TheoryData<string> Malformed => [.. GoldenFile.Json("encodec/ecdc/bad/bad.json").EnumerateObject().Select(p => p.Name)];

    public void Dispose()
    {
        inference.Dispose();
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Stems))]
    public void CodesAndBytesAreThePackages(string stem)
    {
        var (codec, golden) = (codecs.Of(stem), Golden(stem));
        var path = PathOf(stem);
        using var file = EcdcFile.Open(path, codec);
        var parts = file.Parts.ToArray();
        var samples = Json(stem).GetProperty("input_shape")[1].GetInt64();
        Assert.Equal((samples, 0), (file.Samples, file.TrailingBytes));
        foreach (var segment in parts.GroupBy(p => p.Segment))
        {
            Assert.Equal(1, FormulaCodec.Compare(golden, $"codes.{segment.Key}", cat(segment.Select(p => p.Frames).ToArray(), 1), 0));
            if (golden.TryGetValue($"scale.{segment.Key}", out var scale)) Assert.Equal(scale.ToSingle(), segment.First().Scale);
        }

        EcdcFile.Write(In("again.ecdc"), codec, samples, file.Codebooks!.Value, parts);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(In("again.ecdc")));
    }

    [Theory]
    [MemberData(nameof(Stems))]
    public void DecodedWaveformIsThePackages(string stem)
    {
        var codec = codecs.Of(stem);
        using var file = EcdcFile.Open(PathOf(stem), codec);
        var blocks = StreamDecoder.Decode(codec.Model, StreamDecoder.Dequantize(codec.Model, file.Parts), file.Samples).ToArray();
        var decoded = cat(blocks.Select(b => stack(b.Channels.Select(c => tensor(c)))).ToArray(), 1); // (channels, samples)
        Assert.Equal(file.Samples, decoded.shape[1]);
        Assert.Equal(3, FormulaCodec.Compare(Golden(stem), "decoded", decoded, FormulaCodec.DecoderTolerance));
    }

    [Theory]
    [MemberData(nameof(Stems))]
    public void EncodedWavFileIsThePackagesFile(string stem)
    {
        var (codec, json) = (codecs.Of(stem), Json(stem));
        var input = stem[..stem.IndexOf('_', StringComparison.Ordinal)] switch
        {
            "s1" => FormulaCodec.Input("s1", 24000),
            "t57600" => FormulaCodec.Stereo("t57600", 57600),
            _ => FormulaCodec.Recording(56880),
        };
        var wave = new Waveform([.. Enumerable.Range(0, (int)input.shape[1]).Select(c => input[0, c].data<float>().ToArray())], codec.Model.Config.SamplingRate);
        WavFile.Write(In("in.wav"), wave, WavEncoding.Float32);

        SoundFileEncoder.Encode(codec, In("in.wav"), In("out.ecdc"), json.GetProperty("bandwidth_kbps").GetDouble());

        var (expected, actual) = (File.ReadAllBytes(PathOf(stem)), File.ReadAllBytes(In("out.ecdc")));
        Assert.Equal(expected.Length, actual.Length);
        foreach (var segment in json.GetProperty("segments").EnumerateArray().Where(s => s.GetProperty("scale").ValueKind == JsonValueKind.Number))
        {
            // the last bit of a sum of squares is the machine's own
            var at = segment.GetProperty("payload_offset").GetInt32();
            var scale = System.Buffers.Binary.BinaryPrimitives.ReadSingleBigEndian(actual.AsSpan(at));
            Assert.Equal(segment.GetProperty("scale").GetDouble(), scale, scale * 1e-6);
            expected.AsSpan(at, 4).CopyTo(actual.AsSpan(at));
        }

        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void MalformedFilesAreRefusedWithTheReason(string name)
    {
        var expected = GoldenFile.Json("encodec/ecdc/bad/bad.json").GetProperty(name);
        var path = GoldenFile.PathOf($"encodec/ecdc/bad/{name}.ecdc");
        if (name == "trailing_bytes")
        {
            using var file = EcdcFile.Open(path, codecs.Small);
            Assert.Equal(3, file.TrailingBytes);
            Assert.Equal(75, file.Parts.Sum(p => p.Count));
            return;
        }

        Assert.True(expected.GetProperty("expect").GetString()!.StartsWith("refuse", StringComparison.Ordinal) || name == "al_0");
        var reason = name switch
        {
            "magic" => "doesn't begin with ECDC",
            "version_1" => "version 1",
            "header_cut" or "header_cut_in_first_9_bytes" or "payload_cut" or "payload_cut_1_byte" or "al_huge" or "header_length_little_endian" => "cut off",
            "json_garbage" => "no JSON",
            "json_not_utf8" => "not UTF-8",
            "json_is_a_list" => "no JSON object",
            "unknown_model" => "\"encodec_32khz\"",
            "key_missing_nc" => "lacks \"nc\"",
            "al_is_text" or "al_0" or "al_negative" => "\"al\"",
            "nc_0" => "\"nc\" 0",
            "nc_33" => "33 codebooks, but encodec_24khz has 32",
            "lm_true" => "language model",
            _ => throw new InvalidOperationException($"{name}: a new file"),
        };
        var refused = Assert.Throws<BadInputException>(() => EcdcFile.Open(path, codecs.Small));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{name}.ecdc", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FramesAreCountedInIntegersWhereThePackagesReaderIsOneTooHigh()
    {
        var golden = GoldenFile.Json("encodec/ecdc/frame-count.json");
        foreach (var (key, config) in new[] { ("24khz", EncodecConfig.Published24), ("48khz (one segment)", EncodecConfig.Published48) })
            foreach (var length in golden.GetProperty(key).GetProperty("first").EnumerateArray().Select(l => l.GetInt64()))
            {
                var frames = key == "24khz" ? new Segments(config, length).TotalFrames : new Segments(config, length).Frames(0);
                Assert.Equal(Math.Min(length, config.SegmentLength ?? length) / 320, frames);
            }

        const int samples = 6720; // the package can't read its own file of this length
        var codes = (Formula.Tensor("codes", 2, 21).abs() * 500).to(ScalarType.Int64);
        EcdcFile.Write(In("a.ecdc"), codecs.Small, samples, 2, [new EncodedPart(codes.clone(), 0, null)]);
        using var file = EcdcFile.Open(In("a.ecdc"), codecs.Small);
        Assert.True(cat(file.Parts.Select(p => p.Frames).ToArray(), 1).Equals(codes));
    }

    private static Dictionary<string, Tensor> Golden(string stem) => GoldenFile.Tensors($"encodec/ecdc/{stem}.safetensors");

    private static JsonElement Json(string stem) => GoldenFile.Json($"encodec/ecdc/{stem}.json");

    private static string PathOf(string stem) => GoldenFile.PathOf($"encodec/ecdc/{stem}.ecdc");

    private string In(string name) => Path.Combine(folder, name);

    /// <summary>Both published models with weights by formula, as folders on disk.</summary>
    public sealed class Codecs : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("codecs").FullName;
        private readonly Lazy<NamedCodec> small;
        private readonly Lazy<NamedCodec> large;

        public Codecs()
        {
            small = new Lazy<NamedCodec>(() => Write(EncodecConfig.Published24));
            large = new Lazy<NamedCodec>(() => Write(EncodecConfig.Published48));
        }

        public NamedCodec Small => small.Value;

        public NamedCodec Of(string stem) => stem.Contains("48khz", StringComparison.Ordinal) ? large.Value : Small;

        public void Dispose()
        {
            if (small.IsValueCreated) small.Value.Dispose();
            if (large.IsValueCreated) large.Value.Dispose();
            Directory.Delete(root, recursive: true);
        }

        private NamedCodec Write(EncodecConfig config)
        {
            var path = Path.Combine(root, config.PublishedName!);
            using var model = FormulaCodec.FullSize(config);
            AtomicFile.WriteText(Path.Combine(path, "config.json"), config.ToJson());
            ModelWeights.Save(model, Path.Combine(path, "model.safetensors"));
            return NamedCodec.Load(path);
        }
    }
}

using System.Text.Json;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class UNetGoldenTests
{
    private static readonly JsonElement Cases = GoldenFile.Json("diffusion/unet/cases.json");
    private static readonly JsonElement Configs = GoldenFile.Json("diffusion/unet/tiny_configs.json");

    public static TheoryData<string> Models => [.. Configs.EnumerateObject().Select(p => p.Name)];

    /// <summary>All but the one of 1x128x750, which takes a minute: it's <see cref="SingleChannelAtFullLength"/>.</summary>
    public static TheoryData<string> Forwards => [.. Cases.EnumerateObject().Select(p => p.Name).Where(n => !n.Contains("1x128x750", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Models))]
    public void NamesAndShapesAreThoseOfDiffusers(string model)
    {
        using var unet = new UNet2DConditionModel(ConfigOf(model));
        var expected = Configs.GetProperty(model).GetProperty("state_dict").EnumerateArray().Select(e => $"{e[0].GetString()} [{string.Join(',', e[1].EnumerateArray())}]");
        var actual = unet.state_dict().Select(p => $"{p.Key} [{string.Join(',', p.Value.shape)}]");
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        Assert.Equal(Configs.GetProperty(model).GetProperty("parameters").GetInt64(), unet.parameters().Sum(p => p.numel()));
    }

    [Theory]
    [MemberData(nameof(Forwards))]
    public void ForwardEqualsDiffusers(string name) => Check(name);

    /// <summary>Attention over 96,000 positions: left out unless asked for (<c>scripts/run-long-tests.sh</c>).</summary>
    [Fact(Explicit = true)]
    public void SingleChannelAtFullLength() => Check("l1_lin_1x128x750_b1_nomask");

    [Fact]
    public void KeptKeysAndValuesChangeNothing()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var unet = new UNet2DConditionModel(ConfigOf("tiny_l1_conv"));
        Formula.Fill(unet);
        var (sample, text) = (FormulaInput.Unit("input.sample.small", 2, 16, 8, 24), FormulaInput.Unit("input.text.small", 2, 7, 24));
        var mask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 }, 2, 7);
        using var context = new CrossAttentionContext(text, mask, keepKeysAndValues: true);
        foreach (var t in new[] { 900, 17 })
        {
            var expected = unet.forward(sample, tensor(t), text, mask);
            GoldenFile.AssertClose(expected, unet.forward(sample, tensor(t), context), 0, $"t = {t}");
        }
    }

    [Fact]
    public void GradientsReachEveryParameter()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(ConfigOf("tiny_class_projection"));
        Formula.Fill(unet);
        unet.train();
        var output = unet.forward(FormulaInput.Unit("s", 2, 16, 8, 22), tensor(new long[] { 5, 700 }), FormulaInput.Unit("t", 2, 7, 24), null, FormulaInput.Unit("c", 2, 10));
        output.square().mean().backward();
        Assert.All(unet.named_parameters(), p => Assert.True(p.parameter.grad is not null && p.parameter.grad.abs().sum().ToSingle() > 0, p.name));
    }

    private static UNetConfig ConfigOf(string model) => UNetConfig.Parse(Configs.GetProperty(model).GetProperty("config").GetRawText());

    private static void Check(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var c = Cases.GetProperty(name);
        var stored = GoldenFile.Tensors($"diffusion/unet/{c.GetProperty("file").GetString()}");
        using var unet = new UNet2DConditionModel(ConfigOf(c.GetProperty("model").GetString()!));
        Formula.Fill(unet);
        var sampleShape = Shape(c.GetProperty("sample_shape"));
        var sample = c.TryGetProperty("sample", out var s) ? FormulaInput.Unit(Name(s), sampleShape) : stored["sample"];
        var text = c.TryGetProperty("text", out var t) ? FormulaInput.Unit(Name(t), Shape(c.GetProperty("text_shape"))) : stored["text"];
        var classes = c.TryGetProperty("extra", out var extra) && extra.TryGetProperty("class_labels", out _) ? stored["input.class"] : null;

        var output = unet.forward(sample, Timestep(c.GetProperty("timestep")), text, Mask(c.GetProperty("mask")), classes);

        var tolerance = name == "mask_fully_padded_row" ? 1e-3 : 2e-5;
        Assert.Equal(c.GetProperty("out_std").GetDouble(), output.std().ToDouble(), 1e-4);
        var compared = 0;
        foreach (var (key, part) in new (string, Func<Tensor>)[]
        {
            ("out", () => output),
            ($"{name}.out", () => output),
            ($"{name}.out_every_15th_column", () => output.slice(3, 0, sampleShape[3], 15)),
            ($"{name}.out_first_4_columns", () => output.narrow(3, 0, 4)),
            ($"{name}.out_last_4_columns", () => output.narrow(3, sampleShape[3] - 4, 4)),
            ($"{name}.out_every_8th_row", () => output.slice(2, 0, sampleShape[2], 8)),
        })
        {
            if (!stored.TryGetValue(key, out var expected)) continue;
            GoldenFile.AssertClose(expected, part(), tolerance, key);
            compared++;
        }

        Assert.True(compared > 0, "nothing compared");
    }

    private static string Name(JsonElement source) => source.GetString()!["formula unit ".Length..];

    private static long[] Shape(JsonElement shape) => [.. shape.EnumerateArray().Select(e => e.GetInt64())];

    private static Tensor Timestep(JsonElement t) => t.ValueKind == JsonValueKind.Array
        ? tensor([.. t.EnumerateArray().Select(e => e.GetSingle())])
        : tensor(t.GetSingle());

    private static Tensor? Mask(JsonElement mask) => mask.ValueKind == JsonValueKind.Null
        ? null
        : stack([.. mask.EnumerateArray().Select(row => tensor(Shape(row)))]);
}

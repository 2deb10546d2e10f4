using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;

namespace MimiiGen.Tests.Codec;

/// <summary>Padding of every convolution and length through every transposed one, of both published models at awkward lengths.</summary>
public sealed class PaddingTests
{
    [Theory]
    [InlineData("causal24")]
    [InlineData("noncausal48")]
    public void EveryConvolutionPadsAsTheReference(string kind)
    {
        var config = kind == "causal24" ? EncodecConfig.Published24 : EncodecConfig.Published48;
        using var model = new EncodecModel(config with { NumFilters = 2, HiddenSize = 4, CodebookDim = 4, NumLstmLayers = 2, CodebookSize = 2, TargetBandwidths = [1] });
        var convolutions = model.named_modules().Where(m => m.module is EncodecConv1d).ToDictionary(m => m.name, m => (EncodecConv1d)m.module);
        var transposed = model.Decoder.Layers.OfType<EncodecConvTranspose1d>().ToArray();
        var lengths = GoldenFile.Json("encodec/padding.json").GetProperty(kind).GetProperty("lengths").EnumerateObject().ToArray();
        Assert.NotEmpty(lengths);
        foreach (var length in lengths)
        {
            Assert.Equal(length.Value.GetProperty("frames").GetInt64(), new Segments(EncodecConfig.Published24, long.Parse(length.Name)).TotalFrames);
            foreach (var row in length.Value.GetProperty("convs").EnumerateArray())
            {
                var (left, right) = convolutions[row[0].GetString()!].Padding(row[1].GetInt64());
                Assert.Equal((row[2].GetInt64(), row[3].GetInt64()), (left, right));
                Assert.Equal(row[4].GetBoolean(), row[1].GetInt64() <= Math.Max(left, right));
            }

            var steps = length.Value.GetProperty("transposed").EnumerateArray().ToArray();
            for (var i = 0; i < steps.Length; i++)
            {
                using var input = torch.zeros(1, 32 >> i, steps[i][0].GetInt64());
                using var output = transposed[i].forward(input);
                Assert.Equal(steps[i][1].GetInt64(), output.shape[2]);
            }
        }
    }
}

using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>Published checkpoints, whoever spelled their names; and what is wrong with one, named.</summary>
public sealed class CheckpointNamesTests : IDisposable
{
    private static readonly JsonElement Names = GoldenFile.Json("encodec/names.json");

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("names").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("encodec_24khz", 0)]
    [InlineData("encodec_24khz", 1)]
    [InlineData("encodec_24khz", 2)]
    [InlineData("encodec_48khz", 0)]
    [InlineData("encodec_48khz", 2)]
    public void EverySpellingFillsTheFullSizeModel(string name, int column)
    {
        var config = EncodecConfig.Parse(Names.GetProperty(name).GetProperty("config").GetRawText());
        Assert.Equal(name, config.PublishedName);
        using var model = new EncodecModel(config);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var row in Names.GetProperty(name).GetProperty("rows").EnumerateArray())
        {
            var shape = row[3].EnumerateArray().Select(n => n.GetInt64()).ToArray();
            tensors.Add(row[column].GetString()!, values[row[0].GetString()!] = Formula.Tensor(row[0].GetString()!, shape));
        }

        CodecWeights.Fill(model, tensors, "a.safetensors");

        var state = model.state_dict();
        Assert.Equal(values.Keys.Where(n => !WeightNames.IsStatistic(n)).Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        foreach (var (own, tensor) in state) Assert.True(tensor.Equals(values[own]), own);
    }

    [Fact]
    public void TheEncodecPackagesFileIsRead()
    {
        var config = EncodecConfig.Published24 with { NumFilters = 2, HiddenSize = 8, CodebookDim = 8, NumLstmLayers = 1, CodebookSize = 16, TargetBandwidths = [0.6] };
        File.WriteAllText(In("config.json"), config.ToJson());
        File.Copy(GoldenFile.PathOf("encodec/package/tiny-00000000.th"), In("tiny-00000000.th"));

        using var model = EncodecModel.Load(folder);
        foreach (var (name, tensor) in model.state_dict()) GoldenFile.AssertClose(Formula.Tensor(name, tensor.shape), tensor, 1e-7, name);

        // by itself the file stands for the published model, which this one is not
        Refused("tiny-00000000.th: tensor 'encoder.model.0.conv.conv.weight_g' has shape [2, 1, 1], the model needs [32, 1, 1]", In("tiny-00000000.th"));
    }

    [Fact]
    public void AWrongTensorIsNamedAsTheFileNamesIt()
    {
        var config = EncodecConfig.Lapped with { NumFilters = 8, HiddenSize = 32, CodebookSize = 16, TargetBandwidths = [0.3] };
        File.WriteAllText(In("config.json"), config.ToJson());
        using var model = new EncodecModel(config);
        var good = model.state_dict().ToDictionary(
            e => e.Key.Replace("weight_g", "parametrizations.weight.original0", StringComparison.Ordinal).Replace("weight_v", "parametrizations.weight.original1", StringComparison.Ordinal), e => e.Value);
        const string tensor = "encoder.layers.0.conv.parametrizations.weight.original1";

        Write(good);
        using (EncodecModel.Load(folder))
        {
        }

        Write(good.Where(e => e.Key != tensor));
        Refused($"model.safetensors: tensor '{tensor}' [8, 1, 7] is missing", folder);
        Write(good.Select(e => e.Key == tensor ? new(tensor, zeros(8, 1, 5)) : e));
        Refused($"model.safetensors: tensor '{tensor}' has shape [8, 1, 5], the model needs [8, 1, 7]", folder);
        Write(good.Append(new("decoder.layers.99.conv.bias", zeros(3))));
        Refused("model.safetensors: tensor 'decoder.layers.99.conv.bias' [3] belongs to no part of the model", folder);
    }

    [Fact]
    public void AFolderWithoutWeightsIsRefused()
    {
        File.WriteAllText(In("config.json"), EncodecConfig.Lapped.ToJson());
        Refused("no weights; a codec's folder has", folder);
        File.WriteAllText(In("a.th"), "");
        Refused("a.th", folder);
        File.WriteAllText(In("b.th"), "");
        Refused("several .th files", folder);
        Refused("give the folder of the codec", In("config.json"));
    }

    private void Write(IEnumerable<KeyValuePair<string, Tensor>> tensors) => SafeTensors.Write(In("model.safetensors"), tensors.ToDictionary(e => e.Key, e => e.Value));

    private static void Refused(string reason, string path) =>
        Assert.Contains(reason, Assert.Throws<BadInputException>(() => EncodecModel.Load(path)).Message, StringComparison.Ordinal);

    private string In(string name) => Path.Combine(folder, name);
}

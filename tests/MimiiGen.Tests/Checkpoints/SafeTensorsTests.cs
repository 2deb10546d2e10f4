using MimiiGen.Checkpoints;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Checkpoints;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, "a.safetensors");
        var half = Formula.Tensor("half", 3, 5).to(ScalarType.Float16);
        var whole = arange(7, dtype: ScalarType.Int64);
        SafeTensors.Write(path, new Dictionary<string, Tensor> { ["half"] = half, ["whole"] = whole }, new Dictionary<string, string> { ["format"] = "pt" });

        var read = SafeTensors.Read(path);

        Assert.Equal(ScalarType.Float16, read["half"].dtype);
        Assert.True(half.equal(read["half"]).all().ToBoolean());
        Assert.True(whole.equal(read["whole"]).all().ToBoolean());
        Assert.Equal("pt", SafeTensors.ReadMetadata(path)["format"]);
        Assert.Single(Directory.GetFiles(folder));
    }
}

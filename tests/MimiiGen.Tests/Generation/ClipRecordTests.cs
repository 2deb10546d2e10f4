using MimiiGen.Datasets;
using MimiiGen.Generation;

namespace MimiiGen.Tests.Generation;

public sealed class ClipRecordTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("record").FullName;

    private string Sidecar => Path.Combine(folder, "clip.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WrittenAndReadItIsTheSame()
    {
        var record = Record();
        record.Write(Sidecar);
        var read = ClipRecord.TryRead(Sidecar)!;

        Assert.Equal(record.ToJson(), read.ToJson());
        Assert.Equal((record.Seed, record.Metadata, record.LevelDb), (read.Seed, read.Metadata, read.LevelDb));
        Assert.Equal(record.WeightsSha256, read.WeightsSha256);
    }

    [Fact]
    public void WithoutMetadataItHasNone()
    {
        (Record() with { Metadata = null }).Write(Sidecar);

        Assert.DoesNotContain("metadata", File.ReadAllText(Sidecar), StringComparison.Ordinal);
        Assert.Null(ClipRecord.TryRead(Sidecar)!.Metadata);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"caption\": \"A fan\"")]
    [InlineData("{ \"caption\": \"A fan\" }")]
    public void WhatIsNoRecordIsTakenForNone(string text)
    {
        File.WriteAllText(Sidecar, text);

        Assert.Null(ClipRecord.TryRead(Sidecar));
    }

    [Fact]
    public void NoFileIsNoRecord() => Assert.Null(ClipRecord.TryRead(Sidecar));

    private static ClipRecord Record() => new()
    {
        Caption = "A fan \"00\"",
        Negative = "Lüfter",
        Metadata = new ClipMetadata { Machine = "fan", Id = "00", Anomaly = true, Attributes = [new OperatingCondition("velocity", "6 V")] },
        LevelsOf = "A fan",
        Seed = ulong.MaxValue,
        Seconds = 2.5,
        Sampler = "DDIMScheduler",
        Steps = 20,
        Guidance = 1.5,
        LevelDb = -31.25,
        Model = "default",
        WeightsSha256 = new Dictionary<string, string> { ["unet/diffusion_pytorch_model.safetensors"] = "ab12" },
        Version = "0.1.0",
        Computed = "cpu, 2 threads",
    };
}

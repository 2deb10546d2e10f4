using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

public sealed class KeptOutTests
{
    private static readonly Dataset Dataset = new("set", "MIMII",
    [
        Clip("n0", Split.Train, velocity: "6"), Clip("n1", Split.Train, velocity: "8"), Clip("n2", Split.Test, velocity: "6"), Clip("n3", Split.Test, velocity: "8"),
        Clip("a0", Split.Train, "clogging"), Clip("a1", Split.Test, "clogging", "8"), Clip("a2", Split.Test, "imbalance"),
    ],
    []);

    [Theory]
    [InlineData("fault=clogging", "n0 n1 n2 n3 a2")]
    [InlineData("vel=8", "n0 n2 a0 a2")]
    [InlineData("Velocity=8", "n0 n2 a0 a2")]
    public void TheGeneratorIsTrainedOnTheRest(string kept, string names) => Assert.Equal(names, Names(KeptOut.Parse(kept).Rest(Dataset.Clips)));

    [Theory]
    [InlineData("fault=clogging", "n0 n1", "n2 n3 a0 a1")]
    [InlineData("velocity=8", "n0 n1", "n3 a1")]
    [InlineData("machine=fan", "n0 n1", "n2 n3 a0 a1 a2")]
    public void TheTestAsksOfTheClipsKeptOutAlone(string kept, string training, string test)
    {
        var clips = KeptOut.Parse(kept).Test(Dataset).Clips;
        Assert.Equal((training, test), (Names(clips.Where(c => c.Split == Split.Train)), Names(clips.Where(c => c.Split == Split.Test))));
    }

    [Theory]
    [InlineData("clogging", "give key=value")]
    [InlineData("=a", "give key=value")]
    [InlineData("fault=", "give key=value")]
    [InlineData("fault=rust", "no clip is such")]
    [InlineData("machine=fan", "all clips are such")]
    public void WhatKeepsNothingOrAllOutIsRefused(string kept, string reason) =>
        Assert.Contains(reason, Assert.Throws<BadInputException>(() => KeptOut.Parse(kept).Rest(Dataset.Clips)).Message, StringComparison.Ordinal);

    private static string Names(IEnumerable<DatasetClip> clips) => string.Join(' ', clips.Select(c => c.FileName));

    private static DatasetClip Clip(string name, Split split, string? fault = null, string velocity = "6") =>
        new(name, name, 0, new ClipMetadata { Machine = "fan", Anomaly = fault is not null, AnomalyType = fault, Attributes = [new("velocity", velocity)] }, split);
}

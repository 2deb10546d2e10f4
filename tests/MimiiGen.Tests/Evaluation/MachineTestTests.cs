using MimiiGen.Datasets;
using MimiiGen.Evaluation;

namespace MimiiGen.Tests.Evaluation;

public sealed class MachineTestTests
{
    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 };

    [Fact]
    public void SortsTheClipsOfEachMachine()
    {
        var test = Assert.Single(MachineTest.Of(Data(Clips(Fan))));

        Assert.Equal(("fan", "id_00"), (test.Machine, test.Id));
        Assert.Equal((2, 4, 2, 2), (test.TrainingNormals.Count, test.TrainingClips.Count, test.Normals.Count, test.Anomalies.Count));
        Assert.All(test.Normals, clip => Assert.False(clip.Metadata.Anomaly));
    }

    [Fact]
    public void OnlyTheFirstChannelIsTested()
    {
        var clips = Clips(Fan);

        Assert.Equal(2, Assert.Single(MachineTest.Of(Data([.. clips, .. clips.Select(c => c with { Channel = 1 })]))).Normals.Count);
    }

    [Fact]
    public void AMachineAtSeveralRatiosHasATestOfItsOwnAndItsOwnNameForEach()
    {
        var tests = MachineTest.Of(Data([.. Clips(Fan), .. Clips(Fan with { SnrDb = "-6" }), .. Clips(Fan with { Id = "02" })]));

        Assert.Equal(["id_00_0_dB", "id_00_-6_dB", "id_02"], tests.Select(t => t.Id));
    }

    [Fact]
    public void AMachineWithTooFewClipsIsNamedAndLeftOut()
    {
        var told = new List<string>();
        var tests = MachineTest.Of(Data([.. Clips(Fan), .. Clips(Fan with { Machine = "pump" })[..^1]]), told.Add);

        Assert.Equal("fan", Assert.Single(tests).Machine);
        Assert.Equal("pump id_00 is left out: 2 normal clips to train on, 2 normal and 1 faulty ones to test; 2 of each are the least", Assert.Single(told));
    }

    [Fact]
    public void WhatCannotBeTestedIsRefusedInOneLine()
    {
        Refused("nothing says which clips", Clips(Fan).Select(c => c with { Split = null }));
        Refused("the split names no test clips", Clips(Fan).Where(c => c.Split == Split.Train));
        Refused("no machine has", Clips(Fan).Where(c => !c.Metadata.Anomaly));
        Refused("no machine has", Clips(Fan).Where(c => c.Split == Split.Test));
    }

    private static void Refused(string reason, IEnumerable<DatasetClip> clips)
    {
        var error = Assert.Throws<BadInputException>(() => MachineTest.Of(Data([.. clips])));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static Dataset Data(DatasetClip[] clips) => new("/data", "MIMII", clips, []);

    /// <summary>Two clips of each class for training and for the test.</summary>
    private static DatasetClip[] Clips(ClipMetadata metadata) =>
    [
        .. from split in new[] { Split.Train, Split.Test }
           from anomaly in new[] { false, true }
           from number in new[] { 0, 1 }
           select new DatasetClip($"/data/{number}.wav", $"{number}.wav", 0, metadata with { Anomaly = anomaly }, split),
    ];
}

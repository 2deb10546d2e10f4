using MimiiGen.Captions;
using MimiiGen.Datasets;
using MimiiGen.Generation;

namespace MimiiGen.Tests.Generation;

/// <summary>From what a user says to a condition of the model.</summary>
public sealed class RequestTests
{
    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 };

    private static readonly KnownCondition[] Known =
    [
        .. new[] { Fan, Fan with { Microphone = 3 }, Fan with { Anomaly = true }, Fan with { Machine = "pump", Id = "02" }, Fan with { Id = "04", Attributes = [new OperatingCondition("velocity", "6 V")] } }
            .Select(m => new KnownCondition(m, CaptionTemplate.Write(m))),
    ];

    [Fact]
    public void WhatIsLeftOpenIsTakenFromTheFirstConditionThatFits()
    {
        Assert.Equal(Known[0].Metadata, MetadataRequest.Of("fan", null, false, [], Known));
        Assert.Equal(Known[2].Metadata, MetadataRequest.Of("Fan", null, true, [], Known));
        Assert.Equal(Known[1].Metadata, MetadataRequest.Of("fan", null, false, ["microphone=3"], Known));
        Assert.Equal(Known[4].Metadata, MetadataRequest.Of("fan", "04", false, ["velocity=6 V"], Known));
        Assert.Equal(Known[3].Metadata, MetadataRequest.Of("pump", null, false, ["id=02", "snr=0"], Known));
    }

    [Fact]
    public void WhatNoConditionFitsStaysAsItWasSaid() =>
        Assert.Equal(
            new ClipMetadata { Machine = "fan", Anomaly = true, AnomalyType = "imbalance", Microphone = 7 },
            MetadataRequest.Of("fan", null, true, ["microphone=7", "fault=imbalance"], Known));

    [Theory]
    [InlineData("microphone")]
    [InlineData("=3")]
    [InlineData("snr=")]
    [InlineData("microphone=left")]
    [InlineData("microphone=-1")]
    public void ASettingThatMakesNoSenseIsRefusedInOneLine(string setting)
    {
        var error = Assert.Throws<BadInputException>(() => MetadataRequest.Of("fan", null, false, [setting], Known));

        Assert.StartsWith($"--set {setting}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void TheVeryConditionIsFoundByMetadataAndByCaption()
    {
        for (var i = 0; i < Known.Length; i++)
        {
            Assert.Equal((i, true), ConditionMatch.Find(Known, "whatever", Known[i].Metadata));
            Assert.Equal((i, true), ConditionMatch.Find(Known, Known[i].Caption, null));
        }
    }

    [Theory]
    [InlineData("a fan with anomaly", 2)]
    [InlineData("A pump", 3)]
    [InlineData("fan, microphone 3", 1)]
    public void OtherwiseTheConditionOfTheMostAlikeCaption(string caption, int expected) =>
        Assert.Equal((expected, false), ConditionMatch.Find(Known, caption, null));
}

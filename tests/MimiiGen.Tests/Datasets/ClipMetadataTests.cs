using System.Text.Json;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

public sealed class ClipMetadataTests
{
    private static readonly ClipMetadata Slider = new()
    {
        Machine = "slider",
        Id = "02",
        Anomaly = true,
        AnomalyType = "rail damage",
        Microphone = 3,
        SnrDb = "-6",
        Domain = "target",
        Section = "00",
        Attributes = [new("velocity", "1000.0"), new("type", "ball")],
    };

    [Fact]
    public void JsonGivesTheSameMetadataBack()
    {
        Assert.Equal(Slider, ClipMetadata.FromJson(Slider.ToJson()));
        Assert.Equal(
            """{"machine":"slider","id":"02","anomaly":true,"anomalyType":"rail damage","microphone":3,"snrDb":"-6","domain":"target","section":"00","attributes":{"velocity":"1000.0","type":"ball"}}""",
            Slider.ToJson());
    }

    [Fact]
    public void MetadataWithinAnotherDocumentIsReadToo()
    {
        var plain = new ClipMetadata { Machine = "fan" };
        Assert.Equal("""{"machine":"fan","anomaly":false,"attributes":{}}""", plain.ToJson());
        Assert.Equal([plain, Slider], JsonSerializer.Deserialize<ClipMetadata[]>(JsonSerializer.Serialize(new[] { plain, Slider }))!);
    }

    [Fact]
    public void NumbersOfAUserKeepTheirDigits() =>
        Assert.Equal("1000.0", ClipMetadata.FromJson("""{"machine":"slider","attributes":{"vel":1000.0}}""").Attributes["velocity"]);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id":"00"}""")]
    [InlineData("""{"machine":"fan","attributes":{"a":[1]}}""")]
    [InlineData("""{"machine":"fan","attributes":{"vel":1,"velocity":2}}""")]
    public void WhatIsNoMetadataIsRefusedInOneLine(string json)
    {
        var message = Assert.Throws<BadInputException>(() => ClipMetadata.FromJson(json)).Message;
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void ConditionKeyNamesTheWholeCondition() =>
        Assert.Equal(
            "machine=slider;id=02;section=00;domain=target;snr=-6;microphone=3;state=anomaly;fault=rail damage;:type=ball;:velocity=1000.0",
            Slider.ConditionKey);

    [Fact]
    public void ConditionKeyIgnoresOrderAndSpellingOfAttributes()
    {
        var same = Slider with { Attributes = [new("type", "ball"), new("vel", "1000.0")] };
        Assert.NotEqual(Slider, same);
        Assert.Equal(Slider.ConditionKey, same.ConditionKey);
    }

    [Fact]
    public void ConditionKeyKeepsClassesApart()
    {
        ClipMetadata[] others =
        [
            Slider with { Machine = "fan" },
            Slider with { Id = null },
            Slider with { Anomaly = false },
            Slider with { AnomalyType = null },
            Slider with { Microphone = 4 },
            Slider with { Attributes = [new("velocity", "1000.0;:type=ball")] },
            Slider with { Attributes = [new("velocity", "1000.0"), new("type", "ball"), new("id", "02")] },
        ];
        Assert.Equal(others.Length + 1, others.Append(Slider).Select(m => m.ConditionKey).Distinct().Count());
    }
}

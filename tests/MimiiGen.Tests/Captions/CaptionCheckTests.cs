using MimiiGen.Captions;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Captions;

public sealed class CaptionCheckTests
{
    private static readonly ClipMetadata Bearing = new()
    {
        Machine = "bearing",
        Anomaly = true,
        AnomalyType = "axis damage",
        Attributes = [new("velocity", "24"), new("location", "A")],
    };

    private static readonly ClipMetadata Gearbox = new()
    {
        Machine = "gearbox",
        Anomaly = true,
        AnomalyType = "damage type 2",
        Attributes = [new("model", "B"), new("voltage", "2.3"), new("weight", "0")],
    };

    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 3 };

    public static TheoryData<string, ClipMetadata> EverySet => [.. CaptionTemplateTests.Published.Concat(CaptionTemplateTests.Sets).Select(row => (row.Data.Item1, row.Data.Item2))];

    [Theory]
    [MemberData(nameof(EverySet))]
    public void TheTemplateTellsEveryFactOfEverySet(string caption, ClipMetadata metadata)
    {
        Assert.Empty(CaptionCheck.Problems(metadata, caption));
        var more = metadata with { SnrDb = "-6", Microphone = 7, Domain = "target", Section = "03" };
        Assert.Empty(CaptionCheck.Problems(more, CaptionTemplate.Write(more)));
    }

    [Theory]
    [InlineData("With axis damage at location A, this faulty bearing turns at a velocity of about 24 krpm.")]
    [InlineData("An anomalous bearing (axis damage, location A) spins at 24.0 KRPM")]
    public void OtherWordsForTheSameAreRight(string sentence) => Assert.Empty(CaptionCheck.Problems(Bearing, sentence));

    [Theory]
    [InlineData("A machine operating on velocity of 24 krpm with anomaly due to axis damage at location A", "machine bearing")]
    [InlineData("A bearing operating on velocity of 24 with anomaly due to axis damage at location A", "velocity 24 krpm", "made up: 24")]
    [InlineData("A bearing operating on velocity of 23 krpm with anomaly due to axis damage at location A", "velocity 24 krpm", "made up: 23")]
    [InlineData("A bearing operating on velocity of 24 krpm with anomaly due to damage at location A", "fault axis damage")]
    [InlineData("A bearing operating on velocity of 24 krpm with anomaly due to axis damage at location B", "location A")]
    [InlineData("A bearing operating on velocity of 24 krpm with anomaly due to axis damage", "location A")]
    [InlineData("A bearing operating on velocity of 24 krpm due to axis damage at location A", "state anomaly")]
    [InlineData("A bearing without any anomaly at velocity of 24 krpm, no axis damage at location A", "state anomaly")]
    [InlineData("A bearing at 24 krpm with anomaly due to axis damage at location A in 2019", "made up: 2019")]
    public void EveryFactThatIsLostOrMadeUpIsNamed(string sentence, params string[] problems) => Assert.Equal(problems, CaptionCheck.Problems(Bearing, sentence));

    [Fact]
    public void ValuesThatChangedPlacesAreLost()
    {
        var swapped = CaptionCheck.Problems(Gearbox, "A gearbox model B operating on voltage of 0 (V) and weight of 2.3 (g) with anomaly due to damage type 2");

        Assert.Contains("voltage 2.3 (V)", swapped);
        Assert.Contains("weight 0 (g)", swapped);
        Assert.Empty(CaptionCheck.Problems(Fan, "A fan, model 00, heard by microphone 3 at 0 dB"));
        Assert.NotEmpty(CaptionCheck.Problems(Fan, "A fan, model 3, heard by microphone 00 at 0 dB"));
        Assert.NotEmpty(CaptionCheck.Problems(Fan, "A fan, model 00, heard by microphone 3"));
        Assert.NotEmpty(CaptionCheck.Problems(Fan, "A fan, model 0, heard by microphone 3 at 0 dB"));
    }

    [Fact]
    public void AHealthyMachineHasNoFault()
    {
        Assert.Equal(["state normal"], CaptionCheck.Problems(new ClipMetadata { Machine = "fan" }, "A faulty fan"));
        Assert.Empty(CaptionCheck.Problems(new ClipMetadata { Machine = "fan" }, "A fan without anomaly"));
    }
}

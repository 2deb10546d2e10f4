using MimiiGen.Captions;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Captions;

public sealed class CaptionQualityTests
{
    private static readonly ClipMetadata Gearbox = new()
    {
        Machine = "gearbox",
        Anomaly = true,
        AnomalyType = "damage",
        Microphone = 2,
        SnrDb = "6",
        Section = "01",
        Domain = "source",
        Attributes = [new("model", "B"), new("volt", "2.3")],
    };

    [Theory]
    [InlineData(CaptionDetail.Full, "A gearbox model B of section 01 in the source domain operating on voltage of 2.3 (V) in factory noise at a signal-to-noise ratio of 6 dB recorded by microphone 2 with anomaly due to damage")]
    [InlineData(CaptionDetail.NoAnomaly, "A gearbox model B of section 01 in the source domain operating on voltage of 2.3 (V) in factory noise at a signal-to-noise ratio of 6 dB recorded by microphone 2")]
    [InlineData(CaptionDetail.NoCondition, "A gearbox model B with anomaly due to damage")]
    [InlineData(CaptionDetail.Machine, "A gearbox")]
    public void TheDialTakesFactsAway(CaptionDetail detail, string caption) => Assert.Equal(caption, CaptionTemplate.Write(Gearbox.Reduce(detail)));

    [Fact]
    public void RawMetadataIsAListOfEveryFact() => Assert.Equal(
        "machine: gearbox; section: 01; domain: source; model: B; voltage: 2.3 (V); signal-to-noise ratio: 6 dB; microphone: 2; state: anomaly; fault: damage",
        MetadataText.Write(Gearbox));

    [Fact]
    public void NoiseMakesTheGivenPartOfTheValuesWrongAndTheSameWithTheSameSeed()
    {
        ClipMetadata[] clips = [.. Enumerable.Range(0, 400).Select(i => new ClipMetadata
        {
            Machine = i % 2 == 0 ? "fan" : "pump",
            Id = $"0{i % 7}",
            Microphone = i % 8,
            SnrDb = "0",
            Anomaly = i % 3 == 0,
            Attributes = [new("vel", $"{10 * (i % 5)}")],
        })];

        ClipMetadata[] Noisy(double rate, ulong seed) => [.. clips.Select(new MetadataNoise(rate, seed, clips).Apply)];
        double Wrong(double rate, Func<ClipMetadata, string?> value) => Noisy(rate, 1).Zip(clips, (noisy, clean) => value(noisy) == value(clean) ? 0.0 : 1).Average();

        Assert.Equal(clips, Noisy(0, 1));
        Assert.Equal(Noisy(0.2, 1), Noisy(0.2, 1));
        Assert.NotEqual(Noisy(0.2, 1), Noisy(0.2, 2));
        foreach (var value in new Func<ClipMetadata, string?>[] { m => m.Machine, m => m.Id, m => $"{m.Microphone}", m => m.SnrDb, m => $"{m.Anomaly}", m => m.Attributes[0].Value })
        {
            Assert.InRange(Wrong(0.2, value), 0.12, 0.28);
            Assert.Equal(1, Wrong(1, value));
        }

        Assert.All(Noisy(1, 1), m => Assert.Contains(m.Machine, (string[])["fan", "pump"])); // swapped, since the others have other values
        Assert.All(Noisy(1, 1), m => Assert.True(double.Parse(m.SnrDb!) > 0)); // made up, since all have the same
        Assert.Throws<BadInputException>(() => new MetadataNoise(1.5, 0, clips));
    }

    [Fact]
    public void AHigherRateKeepsTheMistakesOfALowerOne()
    {
        ClipMetadata[] clips = [.. Enumerable.Range(0, 100).Select(i => new ClipMetadata { Machine = "fan", Id = $"0{i % 7}" })];
        var (few, many) = (new MetadataNoise(0.1, 5, clips), new MetadataNoise(0.5, 5, clips));

        foreach (var (clip, i) in clips.Select((clip, i) => (clip, i)))
            if (few.Apply(clip, i).Id is var wrong && wrong != clip.Id)
                Assert.Equal(wrong, many.Apply(clip, i).Id);
    }
}

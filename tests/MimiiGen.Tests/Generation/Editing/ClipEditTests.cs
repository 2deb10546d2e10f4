using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Generation;

[Collection(nameof(TrainingCollection))]
public sealed class ClipEditTests : IDisposable
{
    private const int Rate = TinyRecordings.SampleRate;
    private const int Fade = Rate / 50;
    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 };
    private static readonly SourceSound Source = new("fan.wav", "00", TinyRecordings.Sound(7, 0.9), Rate);

    private readonly SoundModel model;
    private readonly ClipGenerator generator;

    public ClipEditTests(TinyModel tiny)
    {
        model = SoundModel.Load(tiny.Folder);
        generator = new ClipGenerator(model, new SamplingSettings(Steps: 10, Guidance: 2));
    }

    public void Dispose() => model.Dispose();

    [Fact]
    public void TheSmallerTheStrengthTheNearerTheRecording()
    {
        var likeness = new[] { 0.1, 0.5, 1 }.Select(strength => Correlation(Samples(new Variation(Source, strength)), Source.Samples)).ToArray();

        Assert.True(likeness[0] > 0.6, $"{likeness[0]}"); // the untrained codec alone takes some
        Assert.True(likeness[0] > likeness[1] && likeness[1] > Math.Abs(likeness[2]), string.Join(' ', likeness));
    }

    [Fact]
    public void AVariationsLevelLiesBetweenTheRecordingsAndTheDrawnOne()
    {
        var anomaly = Request(null) with { Metadata = Fan with { Anomaly = true } };
        var drawn = generator.Generate(anomaly).Record.LevelDb;
        var source = Levels.Rms(Source.Samples);

        Assert.Equal(source + (0.3 * (drawn - source)), generator.Generate(anomaly with { Edit = new Variation(Source, 0.3) }).Record.LevelDb, 0.02);
    }

    [Theory]
    [InlineData(0.3, 0.6)]
    [InlineData(0, 0.5)]
    [InlineData(0.4, 0.9)]
    public void OutsideTheSpanAClipIsTheRecording(double from, double to)
    {
        var clip = Samples(new Filling(Source, from, to));
        var (first, end) = ((int)(from * Rate), (int)(to * Rate));

        Assert.Equal(Source.Samples.Length, clip.Length);
        Assert.Equal(Source.Samples[..Math.Max(0, first - Fade)], clip[..Math.Max(0, first - Fade)]);
        if (end + Fade < clip.Length) Assert.Equal(Source.Samples[(end + Fade)..], clip[(end + Fade)..]);
        Assert.True(Math.Abs(Correlation(clip[first..end], Source.Samples[first..end])) < 0.7);
    }

    [Fact]
    public void ASpansLevelIsThatOfTheRecording()
    {
        var clip = Samples(new Filling(Source, 0.3, 0.7));

        Assert.Equal(Levels.Rms(Source.Samples), Levels.Rms(clip.AsSpan((int)(0.35 * Rate), (int)(0.3 * Rate))), 4.0);
    }

    [Fact]
    public void AContinuedRecordingBeginsAsItWasAndGoesOn()
    {
        var clip = generator.Generate(Request(Filling.Continue(Source, 1.6)) with { Seconds = 1.6 });
        var samples = clip.Waveform.Channel(0);

        Assert.Equal((int)(1.6 * Rate), samples.Length);
        Assert.Equal(Source.Samples[..(Source.Samples.Length - Fade)], samples[..(Source.Samples.Length - Fade)]);
        Assert.Equal(Levels.Rms(Source.Samples), Levels.Rms(samples.AsSpan(Source.Samples.Length, Rate / 2)), 4.0);
        Assert.Equal((0.9, 1.6), (clip.Record.Edit!.From, clip.Record.Edit.To));
    }

    [Fact]
    public void ABlendGoesFromOneConditionToTheOther()
    {
        var other = Fan with { Anomaly = true };
        var (normal, anomaly) = (ClipRequest.For(Fan, 3, 0.5), ClipRequest.For(other, 3, 0.5));
        var ends = new[] { normal, anomaly }.Select(r => generator.Generate(r).Waveform.Channel(0)).ToArray();

        Assert.True(Correlation(Blend(0), ends[0]) > 0.9999);
        Assert.True(Correlation(Blend(1), ends[1]) > 0.9999);
        var middle = generator.Generate(normal with { Towards = new ConditionBlend(anomaly.Caption, 0.5, other) });
        Assert.Equal((Levels.Rms(ends[0]) + Levels.Rms(ends[1])) / 2, middle.Record.LevelDb, 0.02);
        Assert.Equal(0.5, middle.Record.Towards!.Share);

        float[] Blend(double share) => generator.Generate(normal with { Towards = new ConditionBlend(anomaly.Caption, share, other) }).Waveform.Channel(0);
    }

    [Fact]
    public void EditsAreTheSameInABatchAndOnTheirOwn()
    {
        ClipRequest[] requests = [.. new ClipEdit?[] { new Variation(Source, 0.5), new Filling(Source, 0.2, 0.5), null, new Filling(Source, 0.4, 0.6) }.Select(Request)];

        foreach (var (request, clip) in requests.Zip(generator.Generate(requests)))
            Assert.Equal(generator.Generate(request).Waveform.Channel(0), clip.Waveform.Channel(0));
    }

    public static TheoryData<string, double, ClipEdit> Impossible => new()
    {
        { "strength 0:", 0.9, new Variation(Source, 0) },
        { "strength 1.5:", 0.9, new Variation(Source, 1.5) },
        { "leaves no step", 0.9, new Variation(Source, 0.05) },
        { "lasts 0.9 s, the clip 2 s", 2, new Variation(Source, 0.5) },
        { "a span from 0.5 to 0.3 s", 0.9, new Filling(Source, 0.5, 0.3) },
        { "a span from 0.5 to 1 s", 0.9, new Filling(Source, 0.5, 1) },
        { "can't begin after that", 3, new Filling(Source, 1, 3) },
        { "has to go on to the clip's end", 3, new Filling(Source, 0.5, 2) },
        { "has to go on to the clip's end", 3, new Filling(Source, 0.2, 0.5) },
        { "leaves nothing of the recording", 0.9, new Filling(Source, 0, 0.85) },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void WhatCannotBeIsRefusedInOneLine(string reason, double seconds, ClipEdit edit)
    {
        var error = Assert.Throws<BadInputException>(() => generator.Generate(Request(edit) with { Seconds = seconds }));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void ARecordingThatIsLongEnoughIsNotContinued() => Assert.Throws<BadInputException>(() => Filling.Continue(Source, 0.9));

    private static ClipRequest Request(ClipEdit? edit) => ClipRequest.For(Fan, 11, 0.9) with { Edit = edit };

    private float[] Samples(ClipEdit edit) => generator.Generate(Request(edit)).Waveform.Channel(0);

    private static double Correlation(float[] a, float[] b)
    {
        var n = Math.Min(a.Length, b.Length);
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < n; i++) (ab, aa, bb) = (ab + (a[i] * b[i]), aa + (a[i] * a[i]), bb + (b[i] * b[i]));
        return ab / Math.Sqrt(aa * bb);
    }
}

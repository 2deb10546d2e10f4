using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Datasets;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;
using TorchSharp;

namespace MimiiGen.Tests.Generation;

[Collection(nameof(TrainingCollection))]
public sealed class ClipGeneratorTests : IDisposable
{
    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 };
    private static readonly SamplingSettings Short = new(Steps: 3, Guidance: 2);

    private readonly SoundModel model;
    private readonly string folder = Directory.CreateTempSubdirectory("clips").FullName;

    public ClipGeneratorTests(TinyModel tiny) => model = SoundModel.Load(tiny.Folder);

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("DDPMScheduler")]
    [InlineData("DPMSolverMultistepScheduler")]
    public void TheSameRequestGivesTheSameSamplesBitForBit(string? sampler)
    {
        var request = ClipRequest.For(Fan, 5, 0.6);
        var first = Generate(request, Short with { Sampler = sampler });
        Generate(ClipRequest.For(Fan with { Anomaly = true }, 6, 1), Short with { Sampler = sampler });
        var again = Generate(request, Short with { Sampler = sampler });

        Assert.Equal(Samples(first), Samples(again));
        Assert.Equal(first.Record.ToJson(), again.Record.ToJson());
    }

    [Fact]
    public void AnotherSeedCaptionOrNegativeGivesOtherSamples()
    {
        var request = ClipRequest.For(Fan, 5, 0.4);
        var clips = new[] { request, request with { Seed = 6 }, request with { Caption = "A pump" }, request with { Negative = "hum" } }.Select(r => Samples(Generate(r))).ToArray();

        for (var i = 0; i < clips.Length; i++)
            for (var j = 0; j < i; j++)
                Assert.NotEqual(clips[i], clips[j]);
    }

    [Fact]
    public void ACaptionItWasNeverTrainedOnGivesAClipAndAWarningThatNamesTheNearest()
    {
        var told = new List<string>();
        var clip = new ClipGenerator(model, Short, told.Add).Generate(new ClipRequest("A compressor with anomaly", 1, 0.2));

        Assert.NotEmpty(clip.Waveform.Channel(0));
        var line = Assert.Single(told);
        var captions = model.Config.Conditions.Select(c => $"\"{c.Caption}\"").ToArray();
        Assert.Equal(2, captions.Length);
        Assert.StartsWith("the model was never trained on \"A compressor with anomaly\"; the nearest it knows are ", line, StringComparison.Ordinal);
        Assert.All(captions, caption => Assert.Contains(caption, line, StringComparison.Ordinal));
        Assert.True(line.IndexOf("with anomaly\";", StringComparison.Ordinal) < line.LastIndexOf(';'), line);
    }

    [Fact]
    public void ItHasTheFineSpectrumOfAClipOfItsCondition()
    {
        var request = ClipRequest.For(Fan, 5, 2);

        var clip = new ClipGenerator(model, Short).Generate(request);

        var made = FineSpectrum.Measure(clip.Waveform.Channel(0), clip.Waveform.SampleRate);
        var wanted = model.Levels.Draw(ConditionMatch.Find(model.Config.Conditions, request.Caption, request.Metadata).Index, false, request.Seed).Texture!.Spectrum;
        var (like, unlike) = (Alike(made, wanted), Alike(made, [.. wanted.Reverse()]));
        Assert.True(like > 0.25 && Math.Abs(unlike) < 0.1, $"{like}, {unlike}");

        static double Alike(float[] a, float[] b) // correlation from band to band: the coarse spectrum is imposed afterwards
        {
            var steps = Enumerable.Range(0, a.Length - 1).Select(i => (X: (double)a[i + 1] - a[i], Y: (double)b[i + 1] - b[i])).ToArray();
            return steps.Sum(s => s.X * s.Y) / Math.Sqrt(steps.Sum(s => s.X * s.X) * steps.Sum(s => s.Y * s.Y));
        }
    }

    [Fact]
    public void ItsBandsChangeOverTimeAsThoseOfAClipOfItsConditionDo()
    {
        const int Band = 500; // 4 kHz
        var clips = new[] { 3.4f, 9 }.Select(wanted =>
        {
            using var other = SoundModel.Load(WithVariation([.. Enumerable.Range(0, 1001).Select(b => Math.Abs(b - Band) < 4 ? wanted : 3.4f)]));
            return new ClipGenerator(other, Short).Generate(ClipRequest.For(Fan, 5, 8)).Waveform;
        }).ToArray();

        var (noise, moved) = (FineVariation.Measure(clips[0].Channel(0), 16000), FineVariation.Measure(clips[1].Channel(0), 16000));
        Assert.True(moved[Band] > noise[Band] + 1, $"{noise[Band]}, {moved[Band]} dB");
        Assert.Equal(noise[Band + 100], moved[Band + 100], 0.3f);
        foreach (var (a, b) in SpectralEnvelope.Measure(clips[0].Channel(0), 16000).Zip(SpectralEnvelope.Measure(clips[1].Channel(0), 16000))) Assert.Equal(a, b, 1f);
    }

    [Fact]
    public void VariationOfOtherBandsIsRefused() =>
        Assert.EndsWith("its variations have 900 bands, clips of 16000 Hz have 1001", Assert.Throws<BadInputException>(() => SoundModel.Load(WithVariation(new float[900]))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.7003)]
    [InlineData(2.5)]
    public void HasTheDurationAndTheLevelOfItsRecord(double seconds)
    {
        var clip = Generate(ClipRequest.For(Fan, 5, seconds));

        Assert.Equal(TinyRecordings.SampleRate, clip.Waveform.SampleRate);
        Assert.Equal((int)Math.Round(seconds * TinyRecordings.SampleRate), clip.Waveform.Length);
        Assert.All(Samples(clip), s => Assert.True(float.IsFinite(s)));
        Assert.Equal(clip.Record.LevelDb, Levels.Rms(clip.Waveform.Channel(0)), 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheLevelIsTheOneDrawnForTheSeed(bool faulty)
    {
        var clip = Generate(ClipRequest.For(Fan with { Anomaly = faulty }, 5));
        var condition = model.Config.Conditions.Index().First(c => c.Item.Metadata.Anomaly == faulty).Index;

        Assert.Equal(model.Levels.Draw(condition, faulty, 5).Levels[0], clip.Record.LevelDb, 0.01);
        Assert.Equal(model.Config.Conditions[condition].Caption, clip.Record.LevelsOf);
    }

    [Fact]
    public void TellsOfAConditionThatTheModelNeverHeard()
    {
        var told = new List<string>();
        var generator = new ClipGenerator(model, Short, told.Add);
        for (ulong seed = 1; seed <= 2; seed++) generator.Generate(ClipRequest.For(Fan with { Id = "06" }, seed, 0.3));

        Assert.Contains("never trained", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSidecarSaysWhetherAClipIsTheOneAskedFor()
    {
        var generator = new ClipGenerator(model, Short);
        var request = ClipRequest.For(Fan, 5, 0.3);
        generator.Generate(request).Write(Path.Combine(folder, "clip"));
        var record = ClipRecord.TryRead(Path.Combine(folder, "clip.json"))!;

        Assert.Equal((int)(0.3 * TinyRecordings.SampleRate), WavFile.Read(Path.Combine(folder, "clip.wav")).Length);
        Assert.True(generator.Made(record, request));
        Assert.False(generator.Made(record, request with { Seed = 6 }));
        Assert.False(new ClipGenerator(model, Short with { Steps = 4 }).Made(record, request));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.01)]
    [InlineData(601)]
    [InlineData(double.NaN)]
    public void ADurationThatMakesNoSenseIsRefused(double seconds) =>
        Assert.Throws<BadInputException>(() => Generate(ClipRequest.For(Fan, 1, seconds)));

    [Theory]
    [InlineData("DDIMScheduler", 0, 1.5)]
    [InlineData("DDIMScheduler", 1001, 1.5)]
    [InlineData("NoScheduler", 3, 1.5)]
    [InlineData("DDIMScheduler", 3, 0.5)]
    [InlineData("DDIMScheduler", 3, double.NaN)]
    public void SettingsThatMakeNoSenseAreRefused(string sampler, int steps, double guidance)
    {
        var error = Assert.Throws<BadInputException>(() => new ClipGenerator(model, new SamplingSettings(sampler, steps, guidance)));

        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void NoTensorIsLeftBehindByAClip()
    {
        var generator = new ClipGenerator(model, Short with { Sampler = "DPMSolverMultistepScheduler" });
        var live = Enumerable.Range(0, 4).Select(i =>
        {
            generator.Generate(ClipRequest.For(Fan, (ulong)i, 0.5));
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }).ToArray();

        Assert.All(live, count => Assert.Equal(live[0], count));
    }

    [Fact]
    public void WhereTheCodecTellsNoWaveformThereIsTheClipsOwnNoise()
    {
        using var noisy = With("\"noise_above\": 2000,");
        var request = ClipRequest.For(Fan, 5, 2);
        var (plain, first) = (Samples(Generate(request)), Samples(new ClipGenerator(noisy, Short).Generate(request)));
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Equal(first, Samples(new ClipGenerator(noisy, Short).Generate(request)));
        Assert.NotEqual(plain, first);
        Assert.Equal(Levels.Rms(plain), Levels.Rms(first), 0.01);
        foreach (var (a, b) in SpectralEnvelope.Measure(plain, 16000).Zip(SpectralEnvelope.Measure(first, 16000))) Assert.Equal(a, b, 1f);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void ANoiseBelowZeroHertzIsRefused() =>
        Assert.EndsWith("noise_above -1 in its config.json: give a frequency in Hz, or leave it out", Assert.Throws<BadInputException>(() => With("\"noise_above\": -1,")).Message, StringComparison.Ordinal);

    [Fact]
    public void FineSpectraOfAnotherRateAreRefused()
    {
        var copy = Path.Combine(folder, "model");
        Copy(model.Folder, copy);
        (model.Config with { OutputRate = 22050 }).Write(Path.Combine(copy, "config.json"));

        Assert.EndsWith("its spectra have 1001 bands, clips of 22050 Hz have 1380", Assert.Throws<BadInputException>(() => SoundModel.Load(copy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatLacksAPartIsRefusedByTheFilesName()
    {
        foreach (var file in Directory.GetFiles(model.Folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(model.Folder, file);
            var copy = Path.Combine(folder, "model");
            Copy(model.Folder, copy);
            File.Delete(Path.Combine(copy, name));

            var error = Assert.Throws<BadInputException>(() => SoundModel.Load(copy));

            Assert.Contains(Path.GetFileName(name), error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    /// <summary>The model with another line in its codec's configuration.</summary>
    private SoundModel With(string line)
    {
        var copy = Path.Combine(folder, "model");
        Copy(model.Folder, copy);
        var config = Path.Combine(copy, "codec", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("{", "{ " + line, StringComparison.Ordinal));
        return SoundModel.Load(copy);
    }

    /// <summary>A folder of the model in which every training clip's bands change over time so much.</summary>
    private string WithVariation(float[] variation)
    {
        using var scope = torch.NewDisposeScope();
        var copy = Path.Combine(folder, "varied");
        Copy(model.Folder, copy);
        var path = Path.Combine(copy, SoundModel.LevelsFile);
        var tensors = SafeTensors.Read(path);
        var clips = tensors["levels"].shape[0];
        tensors["variations"] = torch.tensor(variation).unsqueeze(0).repeat(clips, 1); // (clips, bands)
        SafeTensors.Write(path, tensors);
        return copy;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private GeneratedClip Generate(ClipRequest request, SamplingSettings? settings = null) => new ClipGenerator(model, settings ?? Short).Generate(request);

    private static float[] Samples(GeneratedClip clip) => clip.Waveform.Channel(0).ToArray();
}

using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

[Collection(nameof(TrainingCollection))]
public sealed class CodecTrainerTests(TinyModel tiny) : IDisposable
{
    private static readonly CodecTrainingSettings Settings = new() { Steps = 16, QuantizedSteps = 16, BatchSize = 2, CropSeconds = 0.2, CheckpointEvery = 6 };

    private static readonly CodecTrainingSettings Adversarial = CodecTrainingSettings.OfThePaper with { AdversarialSteps = 5, BatchSize = 2, CropSeconds = 0.2, CheckpointEvery = 2, DiscriminatorFilters = 2 };

    private readonly string root = Directory.CreateTempSubdirectory("codec").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void ARunStoppedInEachPhaseEndsBitForBitAsOneThatWasNot()
    {
        Train("through", Settings);
        foreach (var phase in new[] { "codec", "decoder" })
        {
            using var stop = new StopAt($"training {phase}", 6);
            Assert.Throws<OperationCanceledException>(() => Train("stopped", Settings, stop, stop: stop.Token));
        }

        Train("stopped", Settings);

        foreach (var file in new[] { "codec.safetensors", "codebooks.safetensors", "decoder.safetensors", "model.safetensors" })
            Assert.Equal(File.ReadAllBytes(In($"through/{file}")), File.ReadAllBytes(In($"stopped/{file}")));
    }

    [Fact]
    public void AFinishedRunIsACodecThatReturnsItsClips()
    {
        var validation = Train("run", Settings);

        using var model = EncodecModel.Load(In("run"));
        Assert.True(validation.SnrDb > 2, $"{validation.SnrDb} dB"); // of its 64 lines 48 share 16 latents, and what stands in for them is noise: 3.4 dB at best; silence has 0
        Assert.Equal(8, validation.BandErrorDb.Count);
        Assert.True(validation.BandErrorDb.Take(6).Average() < 1.5, $"{string.Join(' ', validation.BandErrorDb)} dB");
        Assert.Equal(1 + 4 + 4, File.ReadAllLines(In("run/log.csv")).Length);
    }

    [Fact]
    public void AStageThatHarmsEndsAsItBegan()
    {
        var before = Train("none", Settings with { Steps = 0, QuantizedSteps = 0 });

        var after = Train("harmed", Settings with { Steps = 6, LearningRate = 0.5, QuantizedSteps = 0 });

        Assert.Equal(before.SnrDb, after.SnrDb, 1e-9);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(16)]
    public void OtherSettingsAreRefusedInOneLineWhereverItStopped(int step)
    {
        using var stop = new StopAt("training codec", step);
        Assert.Throws<OperationCanceledException>(() => Train("run", Settings, stop, stop: stop.Token));

        var error = Assert.Throws<BadInputException>(() => Train("run", Settings with { Steps = 30 }));

        Assert.Contains("begun with other settings", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void RecordingsOfAHigherRateThanTheCodecsAreTrainedOn()
    {
        var recordings = tiny.Recordings.ForTraining.Select((clip, i) =>
        {
            var path = In($"high/{i}.wav");
            WavFile.Write(path, Waveform.Mono(TinyRecordings.Sound(i, seconds: 3), 48000));
            return clip with { Path = path };
        }).ToArray();
        using var trainer = new CodecTrainer(CodecStart.Lapped(TinyNetworks.Codec), Settings with { Steps = 1, QuantizedSteps = 0 }, In("run"), recordings);

        Assert.True(double.IsFinite(trainer.Run().Score));
        Assert.Equal(LappedStart.NoiseAbove(TinyNetworks.Codec, 12000), EncodecConfig.Load(In("run/config.json")).NoiseAbove);
    }

    [Fact]
    public void RecordingsOf8KilohertzHaveNoErrorInTheBandAboveThem()
    {
        var recordings = tiny.Recordings.ForTraining.Select((clip, i) =>
        {
            var path = In($"low/{i}.wav");
            WavFile.Write(path, Waveform.Mono(TinyRecordings.Sound(i), 8000));
            return clip with { Path = path };
        }).ToArray();
        using var trainer = new CodecTrainer(CodecStart.Lapped(TinyNetworks.Codec), Settings with { Steps = 1, QuantizedSteps = 0 }, In("run"), recordings);

        Assert.Equal(0, trainer.Run().BandErrorDb[7]);
    }

    [Fact]
    public void NoTensorIsLeftBehindByAStep()
    {
        var live = new Dictionary<string, List<long>>();
        Train("run", Settings with { Steps = 8, QuantizedSteps = 12, CheckpointEvery = 4 }, new EachReport(p =>
        {
            if (!live.TryGetValue(p.Stage, out var counts)) live[p.Stage] = counts = [];
            counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }));

        foreach (var stage in new[] { "training codec", "training decoder" })
            Assert.All(live[stage].Skip(1), count => Assert.Equal(live[stage][1], count));
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("folder", false)]
    [InlineData("folder", true)]
    public void AdversarialTrainingStoppedOnTheWayEndsBitForBitAsOneThatWasNot(string from, bool freeze)
    {
        var settings = Adversarial with { FreezeEncoder = freeze };
        Train("through", settings, start: Start(from));
        using var stop = new StopAt("training adversarial", 3);
        Assert.Throws<OperationCanceledException>(() => Train("stopped", settings, stop, Start(from), stop.Token));
        Train("stopped", settings, start: Start(from));

        foreach (var file in new[] { "adversarial.safetensors", "model.safetensors" })
            Assert.Equal(File.ReadAllBytes(In($"through/{file}")), File.ReadAllBytes(In($"stopped/{file}")));
        Assert.Equal(1 + 3, File.ReadAllLines(In("stopped/log.csv")).Length);
        Assert.Equal(1 + 3, Directory.GetFiles(In("stopped/samples"), "*.wav").Length);
    }

    [Fact]
    public void AFrozenEncoderKeepsLatentsAndCodesWhileTheDecoderLearns()
    {
        Train("run", Adversarial with { FreezeEncoder = true }, start: CodecStart.From(tiny.Codec));

        var before = MimiiGen.Checkpoints.SafeTensors.Read(Path.Combine(tiny.Codec, "model.safetensors"));
        var after = MimiiGen.Checkpoints.SafeTensors.Read(In("run/model.safetensors"));
        foreach (var (name, tensor) in before)
        {
            if (!name.StartsWith("decoder.", StringComparison.Ordinal)) Assert.True(tensor.eq(after[name]).all().ToBoolean(), name);
        }

        Assert.Contains(before, p => p.Key.StartsWith("decoder.", StringComparison.Ordinal) && !p.Value.eq(after[p.Key]).all().ToBoolean());
    }

    [Fact]
    public void ALossThatIsNotFiniteNamesStepAndLayer()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Train("run", Adversarial with { AdversarialLearningRate = 1e30 }, start: CodecStart.From(tiny.Codec)));

        Assert.Matches(@"^step \d of the stage 'adversarial': .*(coder\.layers\.\d|discriminators\.\d).* is not finite", error.Message);
    }

    [Fact]
    public void TooFewRecordingsAreRefused()
    {
        var error = Assert.Throws<BadInputException>(() => new CodecTrainer(CodecStart.Lapped(TinyNetworks.Codec), Settings, In("run"), [tiny.Recordings.ForTraining[0]]));

        Assert.Contains("at least two clips", error.Message, StringComparison.Ordinal);
    }

    private CodecValidation Train(string name, CodecTrainingSettings settings, IProgress<WorkProgress>? progress = null, CodecStart? start = null, CancellationToken stop = default)
    {
        using var trainer = new CodecTrainer(start ?? CodecStart.Lapped(TinyNetworks.Codec), settings, In(name), tiny.Recordings.ForTraining);
        return trainer.Run(progress, stop);
    }

    private CodecStart Start(string from) => from == "folder" ? CodecStart.From(tiny.Codec) : CodecStart.Nothing(TinyNetworks.Codec);

    private string In(string name) => Path.Combine(root, name);
}

using MimiiGen.Generation;
using MimiiGen.Runtime;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

/// <summary>
/// Memory over long runs. These take minutes and are left out unless asked for (<c>scripts/run-long-tests.sh</c>).
/// </summary>
[Collection(nameof(TrainingCollection))]
public sealed class SoakTests(TinyModel tiny, ITestOutputHelper output) : IDisposable
{
    private const int Steps = 3000;

    private readonly string root = Directory.CreateTempSubdirectory("soak").FullName;

    public static TheoryData<GeneratorTrainingSettings> Trainings
    {
        get
        {
            var settings = TinyNetworks.Settings with { Steps = Steps, CheckpointEvery = 500 };
            return [settings, settings with { Checkpointing = true, Accumulation = 2 }, settings with { Precision = TrainingPrecision.BFloat16 }];
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory(Explicit = true)]
    [MemberData(nameof(Trainings), DisableDiscoveryEnumeration = true)]
    public void ATrainingOfThousandsOfStepsTakesNoMoreMemoryThanItsFirst(GeneratorTrainingSettings settings)
    {
        var resident = new List<long>(); // MB, every hundredth step
        var live = new List<long>();
        using (var trainer = new GeneratorTrainer(TinyNetworks.Generator, settings, root, tiny.Codec, tiny.Recordings.ForTraining))
        {
            trainer.Run(new EachReport(progress =>
            {
                if (progress.Stage != "training generator" || progress.Done % 100 != 0) return;
                resident.Add(Resident());
                live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }));
        }

        output.WriteLine($"MB every hundredth step: {string.Join(' ', resident)}");
        var crops = (int)(resident.Count * (1 - settings.FullLengthShare)); // then whole clips, which take more
        Assert.All(live[5..], count => Assert.Equal(live[5], count));
        foreach (var stage in new[] { resident[5..crops], resident[(crops + 1)..] })
            Assert.True(stage[(stage.Count / 2)..].Average() - stage[..(stage.Count / 2)].Average() < 10, "grew from a stage's first half to its second");
    }

    [Fact(Explicit = true)]
    public void TenMinutesOfSoundTakeLittleMoreMemoryThanOne()
    {
        using var model = SoundModel.Load(tiny.Folder);
        var generator = new ClipGenerator(model, new SamplingSettings(Steps: 2));
        generator.Generate(new ClipRequest("A fan", 1, 60));
        var before = Resident();
        ForgetPeak();
        var clip = generator.Generate(new ClipRequest("A fan", 1, 600));
        var after = Resident();

        output.WriteLine($"{before} MB after 60 s of sound, {after} MB after 600 s, at most {Peak()} MB");
        Assert.Equal(600 * TinyRecordings.SampleRate, clip.Waveform.Channel(0).Length);
        Assert.True(Peak() < before + 500, $"{before} MB after a minute, at most {Peak()} MB for ten");
    }

    [Theory(Explicit = true)]
    [InlineData(10, 8)]
    [InlineData(60, 4)]
    public void ABatchTakesNoMoreMemoryThanItIsSaidTo(int seconds, int clips)
    {
        using var model = SoundModel.Load(ShippedFiles.Folder("models/default"));
        var generator = new ClipGenerator(model, new SamplingSettings(Steps: 2, Guidance: 2));
        generator.Generate(new ClipRequest("A fan", 1, seconds));
        var before = Resident();
        ForgetPeak();
        generator.Generate([.. Enumerable.Range(0, clips).Select(i => new ClipRequest("A fan", (ulong)i, seconds))]);

        var frames = seconds * model.Codec.Config.SamplingRate / model.Codec.Config.HopLength;
        var said = clips * BatchMemory.BytesPerClip(model.UNet.Config, model.Config.Layout, frames, model.Config.TrainedFrames, guided: true) >> 20;
        output.WriteLine($"{Peak() - before} MB, said to be {said}");
        Assert.InRange(Peak() - before, said / 3, said);
    }

    private static long Resident() => Status("VmRSS");

    private static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Peak() => Status("VmHWM");

    private static long Status(string key) =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) >> 10;
}

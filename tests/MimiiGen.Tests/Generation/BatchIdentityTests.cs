using System.Diagnostics;
using MimiiGen.Datasets;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Generation;

/// <summary>The same seed gives the same clip, whatever it is made together with.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class BatchIdentityTests(TinyModel tiny) : IDisposable
{
    private static readonly ClipMetadata Fan = new() { Machine = "fan", Id = "00", SnrDb = "0", Microphone = 0 };

    private readonly string folder = Directory.CreateTempSubdirectory("batches").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("EulerAncestralDiscreteScheduler")]
    public void ClipsAreTheSameBitForBitInBatchesOfOneThreeAndEight(string sampler)
    {
        using var model = SoundModel.Load(tiny.Folder);
        var generator = new ClipGenerator(model, new SamplingSettings(sampler, 3, 2));
        var requests = Enumerable.Range(0, 8).Select(Request).ToArray();

        var alone = requests.Select(r => generator.Generate(r)).ToArray();

        foreach (var size in new[] { 3, 8 })
            foreach (var (together, expected) in requests.Chunk(size).SelectMany(chunk => generator.Generate(chunk)).Zip(alone))
            {
                Assert.Equal(expected.Waveform.Channel(0), together.Waveform.Channel(0));
                Assert.Equal(expected.Record.ToJson(), together.Record.ToJson());
            }

        // captions and negatives of several lengths, two durations: several forms in one batch
        static ClipRequest Request(int i) => ClipRequest.For(Fan with { Anomaly = i % 2 == 1 }, (ulong)i, i < 6 ? 0.6 : 0.9) with { Negative = i == 4 ? "a long description of what is not wanted" : null };
    }

    [Theory]
    [InlineData(8.5, 1)]
    [InlineData(3.5, 2)]
    [InlineData(0.1, 5)]
    public void ABatchThatMemoryDoesNotHoldIsSplitAndItsClipsStayTheSame(double clipsThatFit, int parts)
    {
        using var model = SoundModel.Load(tiny.Folder);
        var settings = new SamplingSettings(Steps: 2, Guidance: 2);
        var frames = (int)Math.Ceiling(0.6 * model.Codec.Config.SamplingRate / model.Codec.Config.HopLength);
        var each = BatchMemory.BytesPerClip(model.UNet.Config, model.Config.Layout, frames, model.Config.TrainedFrames, guided: true);
        var requests = Enumerable.Range(0, 5).Select(i => ClipRequest.For(Fan, (ulong)i, 0.6)).ToArray();
        var steps = 0;

        var split = new ClipGenerator(model, settings) { FreeMemory = () => (long)(clipsThatFit * each) }.Generate(requests, new EachReport(_ => steps++));

        Assert.Equal(2 * parts, steps);
        foreach (var (clip, expected) in split.Zip(new ClipGenerator(model, settings) { FreeMemory = () => long.MaxValue }.Generate(requests)))
            Assert.Equal(expected.Waveform.Channel(0), clip.Waveform.Channel(0));
    }

    [Fact]
    public async Task TwoProcessesWriteTheSameFiles()
    {
        await Task.WhenAll(Generate("first", 1), Generate("second", 3));

        for (var seed = 5; seed < 8; seed++)
            Assert.Equal(File.ReadAllBytes(In($"first/{seed:00000000}.wav")), File.ReadAllBytes(In($"second/{seed:00000000}.wav")));
    }

    private async Task Generate(string run, int batch)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "MimiiGen.Cli.dll"), "generate", "--machine", "fan", "--model", tiny.Folder, "--out", In(run),
            "--count", "3", "--seed", "5", "--duration", "0.6", "--steps", "2", "--batch", batch.ToString(), "--threads", "1",
        ];
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.WhenAll(output, errors);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
    }

    private string In(string name) => Path.Combine(folder, name);
}

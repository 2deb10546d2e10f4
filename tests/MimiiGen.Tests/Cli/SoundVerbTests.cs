using System.CommandLine;
using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Generation;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Cli;

/// <summary>The verbs that make, judge and learn sounds, from the command line to the exit code.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class SoundVerbTests(TinyModel tiny) : IDisposable
{
    private readonly TinyRecordings recordings = new();
    private readonly string folder = Directory.CreateTempSubdirectory("verbs").FullName;

    public void Dispose()
    {
        recordings.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task GenerateWritesClipsAndTheirRecords()
    {
        var ended = await Run("generate", "--machine", "fan", "--anomaly", "--count", "2", "--duration", "0.4", "--steps", "2", "--seed", "7", "--json");

        Assert.Equal(ExitCode.Done, ended.Code);
        using var document = JsonDocument.Parse(ended.Output);
        Assert.Equal(
            "A fan model 00 operating in factory noise at a signal-to-noise ratio of 0 dB recorded by microphone 0 with anomaly",
            document.RootElement.GetProperty("caption").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("clips").GetArrayLength());
        foreach (var name in new[] { "00000007", "00000008" })
        {
            Assert.Equal(6400, WavFile.Read(In(name + ".wav")).Length);
            Assert.True(ClipRecord.TryRead(In(name + ".json"))!.Metadata!.Anomaly);
        }
    }

    [Fact]
    public async Task GenerateTakesASentence()
    {
        var ended = await Run("generate", "--caption", "A humming fan", "--duration", "0.2", "--steps", "2");

        Assert.Equal((ExitCode.Done, $"1 clips in {folder}: A humming fan\n"), (ended.Code, ended.Output.ReplaceLineEndings("\n")));
        Assert.Contains("never trained", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyCaptionIsTheUnconditionalOneAndALongOneIsCutAndNamed()
    {
        var empty = await Run("generate", "--caption", "", "--duration", "0.2", "--steps", "2");
        Assert.Equal(ExitCode.Done, empty.Code);

        var caption = string.Concat(Enumerable.Repeat("A fan in a hall, ", 20));
        var ended = await Run("generate", "--caption", caption, "--duration", "0.2", "--steps", "2", "--count", "2");

        Assert.Equal(ExitCode.Done, ended.Code);
        Assert.Contains($"tokens cut to 256: \"{caption}\"", Assert.Single(ended.Error.Split('\n'), line => line.Contains("cut to", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateEditsARecording()
    {
        var source = Path.Combine(recordings.Folder, recordings.Write("normal", "long", TinyRecordings.Sound(9)));
        string[][] edits = [["--strength", "0.5"], ["--fill", "0.2-0.5"], ["--continue", "--seconds", "1.5"]];
        foreach (var (edit, samples) in edits.Zip([16000, 16000, 24000]))
        {
            var ended = await Run(["generate", "--machine", "fan", "--anomaly", "--source", source, "--steps", "2", "--seed", "7", .. edit]);

            Assert.True(ended.Code == ExitCode.Done, ended.Error);
            Assert.Equal(samples, WavFile.Read(In("00000007.wav")).Length);
            Assert.Equal("long.wav", ClipRecord.TryRead(In("00000007.json"))!.Edit!.Source);
        }
    }

    [Fact]
    public async Task GenerateGoesTowardsTheOtherState()
    {
        await Run("generate", "--machine", "fan", "--towards", "anomaly", "--share", "0.25", "--duration", "0.4", "--steps", "2", "--seed", "7");

        var towards = ClipRecord.TryRead(In("00000007.json"))!.Towards!;
        Assert.Equal((true, 0.25), (towards.Metadata!.Anomaly, towards.Share));
    }

    [Theory]
    [InlineData("give either --caption or --machine")]
    [InlineData("give either --caption or --machine", "--caption", "A fan", "--machine", "fan")]
    [InlineData("--set loud: give key=value", "--machine", "fan", "--set", "loud")]
    [InlineData("--count must be 1 or more", "--machine", "fan", "--count", "0")]
    [InlineData("a clip of 0 seconds", "--machine", "fan", "--duration", "0")]
    [InlineData("--sampler none: give one of ddim", "--machine", "fan", "--sampler", "none")]
    [InlineData("guidance 0", "--machine", "fan", "--guidance", "0")]
    [InlineData("need --source; with --source give one of --strength", "--machine", "fan", "--strength", "0.5")]
    [InlineData("or --continue (longer), not none", "--machine", "fan", "--source", "a.wav")]
    [InlineData("or --continue (longer), not several", "--machine", "fan", "--source", "a.wav", "--fill", "1-2", "--continue")]
    [InlineData("--share needs --towards", "--machine", "fan", "--share", "0.5")]
    [InlineData("share 2: give 0", "--machine", "fan", "--towards", "anomaly", "--share", "2")]
    public async Task GenerateRefusesInOneLine(string reason, params string[] options) => Refused(reason, await Run(["generate", .. options]));

    [Fact]
    public async Task AFolderWithoutAModelIsRefusedInOneLine()
    {
        Refused("no such model folder", await RunAll("generate", "--machine", "fan", "--model", In("none"), "--out", folder));
        Directory.CreateDirectory(In("empty"));
        Refused("config.json: no such file", await RunAll("generate", "--machine", "fan", "--model", In("empty"), "--out", folder));
        File.WriteAllText(In("empty/config.json"), "{}");
        Refused("no config of a model", await RunAll("generate", "--machine", "fan", "--model", In("empty"), "--out", folder));
    }

    [Fact]
    public async Task EvaluateRefusesDataThatCannotAnswer()
    {
        var lines = File.ReadAllLines(recordings.SplitFile);
        recordings.WriteSplit(lines.Where(l => !(l.Contains("abnormal", StringComparison.Ordinal) && l.EndsWith("test", StringComparison.Ordinal))));
        Refused("no machine has at least", await Evaluate());
        recordings.WriteSplit(lines.Select(l => l.Replace(",test", ",train", StringComparison.Ordinal)));
        Refused("the split names no test clips", await Evaluate());
        File.Delete(recordings.SplitFile);
        Refused("add a split.csv", await Evaluate());
        Refused("no such folder", await RunAll("evaluate", "--data", In("none"), "--model", tiny.Folder, "--out", folder));
        Refused("no such split file", await Evaluate("--split", In("none.csv")));
    }

    [Fact]
    public async Task EvaluateNamesSilentAndBrokenClipsBeforeItGivesUp()
    {
        recordings.Write("normal", "00000007", new float[TinyRecordings.SampleRate]);
        recordings.Write("normal", "00000008", [.. TinyRecordings.Sound(1), float.NaN], WavEncoding.Float32);

        var ended = await Evaluate();

        Assert.Equal((ExitCode.BadInput, ""), (ended.Code, ended.Output));
        var told = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(told, line => line.Contains("00000007.wav is silent", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("00000008.wav has 1 samples that are NaN", StringComparison.Ordinal));
        Assert.Contains("no machine has at least", told[^1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("--clips must be 1 or more", "--clips", "0")]
    [InlineData("--detectors must be 1 or more", "--detectors", "0")]
    public async Task EvaluateRefusesInOneLine(string reason, params string[] options) => Refused(reason, await Evaluate(options));

    [Fact]
    public async Task TrainGeneratorRefusesInOneLine()
    {
        var trained = await RunAll("train", "generator", "--data", recordings.Folder, "--codec", tiny.Codec, "--out", In("run"), "--steps", "0");
        Refused("--steps must be 1 or more", trained);
        Refused("--batch must be 1 or more", await RunAll("train", "generator", "--data", recordings.Folder, "--codec", tiny.Codec, "--out", In("run"), "--batch", "0"));
        Refused("no configuration", await RunAll("train", "generator", "--data", recordings.Folder, "--codec", In("none"), "--out", In("run")));
    }

    [Theory]
    [InlineData("--from and --distill exclude each other; allowed are", "--from", "a", "--distill", "b")]
    [InlineData("--lora needs --from", "--lora", "4")]
    [InlineData("--to-steps needs --distill", "--to-steps", "4")]
    [InlineData("nothing to start from", "--from", "none")]
    public async Task AStartThatCannotBeIsRefusedInOneLine(string reason, params string[] options) =>
        Refused(reason, await RunAll(["train", "generator", "--data", recordings.Folder, "--out", In("run"), .. options]));

    [Fact]
    public async Task TrainGeneratorGoesOnFromAModel()
    {
        var ended = await RunAll("train", "generator", "--data", recordings.Folder, "--from", tiny.Folder, "--lora", "2", "--steps", "1", "--batch", "1", "--out", In("run"));

        Assert.True(ended.Code == ExitCode.Done, ended.Error);
        Assert.True(File.Exists(In("run/model/unet/pytorch_lora_weights.safetensors")));
    }

    [Fact]
    public async Task TrainCodecRefusesInOneLine()
    {
        Refused("--batch must be 1 or more", await TrainCodec("--batch", "0"));
        Refused("--steps must be 0 or more", await TrainCodec("--steps", "-1"));
        Refused("only a lapped start is good before any step", await TrainCodec("--from", "nothing", "--steps", "0"));
        Refused("give their number by --steps", await TrainCodec("--from", tiny.Codec, "--decoder-steps", "5"));
        Refused("there is no run to go on with", await TrainCodec("--resume"));
        Refused("enough filters", await TrainCodec("--filters", "2"));
        recordings.WriteSplit(File.ReadAllLines(recordings.SplitFile).Select(l => l.Replace(",train", ",test", StringComparison.Ordinal)));
        Refused("the split marks every clip as test", await TrainCodec());
    }

    private Task<Ended> Evaluate(params string[] options) =>
        RunAll(["evaluate", "--data", recordings.Folder, "--model", tiny.Folder, "--embedding", RepositoryFolder.Of("models/efficientat-mn04"), "--out", folder, .. options]);

    private Task<Ended> TrainCodec(params string[] options) => RunAll(["train", "codec", "--data", recordings.Folder, "--out", In("run"), .. options]);

    private Task<Ended> Run(params string[] line) => RunAll([.. line, "--model", tiny.Folder, "--out", folder]);

    private static async Task<Ended> RunAll(params string[] line)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Command[] verbs = [new EvaluateVerb(), new GenerateVerb(), new Command("train") { new TrainCodecVerb(), new TrainGeneratorVerb() }];
        var code = await Application.RunAsync(line, verbs, output, error, TestContext.Current.CancellationToken);
        return new Ended(code, output.ToString(), error.ToString());
    }

    private static void Refused(string reason, Ended ended)
    {
        Assert.True(ended.Code == ExitCode.BadInput, ended.Error);
        Assert.Equal("", ended.Output);
        var last = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains(reason, last, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(folder, name);

    private sealed record Ended(int Code, string Output, string Error);
}

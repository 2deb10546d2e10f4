using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("check").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void AGoodDatasetHasNoProblems()
    {
        Wave("fan/id_00/normal/0.wav", Tone(1.0f, 440));
        Wave("fan/id_00/normal/1.wav", Tone(0.1f, 300));
        Wave("fan/id_00/abnormal/0.wav", Tone(0.5f, 200, seconds: 2), Tone(0.5f, 250, seconds: 2));

        var report = Check();

        Assert.Empty(report.Problems);
        Assert.Empty(report.Notes);
        Assert.Equal((3, 4, 6.0), (report.Recordings, report.Clips, report.Seconds));
        Assert.Equal(new MachineCount("fan", "00", null, 2, 1, 0, 0), Assert.Single(report.Machines));
        Assert.Equal(new SortedDictionary<int, int> { [16000] = 3 }, report.SampleRates);
        Assert.Equal(new SortedDictionary<int, int> { [1] = 2, [2] = 1 }, report.Channels);
        Assert.Equal(new ValueRange(1, 1, 2), report.Durations);
        Assert.Equal(-3.01, report.Levels!.Largest, 0.01);
        Assert.Equal(-23.01, report.Levels.Smallest, 0.01);
    }

    [Fact]
    public void EachProblemIsNamedAndTheRestIsCounted()
    {
        Wave("fan/id_00/normal/good.wav", Tone(1.0f, 440));
        Wave("fan/id_00/normal/twin.wav", Tone(1.0f, 440));
        Wave("fan/id_00/normal/silent.wav", Tone(0.0f, 440));
        Wave("fan/id_00/normal/dead-channel.wav", Tone(1.0f, 441), new float[16000]);
        Wave("fan/id_00/normal/short.wav", Tone(1.0f, 440, seconds: 0.1));
        Wave("fan/id_00/normal/none.wav", Array.Empty<float>());
        WavFile.Write(Path.Combine(root, "fan/id_00/normal/nan.wav"), Waveform.Mono([.. Tone(1.0f, 500), float.NaN], 16000), WavEncoding.Float32);
        File.WriteAllText(Path.Combine(root, "fan/id_00/normal/text.wav"), "no sound");
        Wave("fan/id_00/normal/cut.wav", Tone(1.0f, 450));
        using (var cut = File.OpenWrite(Path.Combine(root, "fan/id_00/normal/cut.wav"))) cut.SetLength(20000);

        var report = Check();

        (string, ProblemKind)[] expected =
        [
            ("cut", ProblemKind.Truncated),
            ("dead-channel", ProblemKind.Silent),
            ("nan", ProblemKind.NotANumber),
            ("none", ProblemKind.TooShort),
            ("short", ProblemKind.TooShort),
            ("silent", ProblemKind.Silent),
            ("text", ProblemKind.Unreadable),
            ("twin", ProblemKind.Duplicate),
        ];
        Assert.Equal(expected, report.Problems.Select(p => (Path.GetFileNameWithoutExtension(p.FileName), p.Kind)).Order());
        Assert.Contains("good.wav", report.Problems.Single(p => p.Kind == ProblemKind.Duplicate).Message, StringComparison.Ordinal);
        Assert.Contains("channel 1", report.Problems.Single(p => p.FileName.Contains("dead", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
        Assert.Contains("only normal", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.All(report.Lines(), line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void ATestClipThatIsAlsoATrainingClipIsNoted()
    {
        Wave("fan/id_00/normal/0.wav", Tone(1.0f, 440));
        Wave("fan/id_00/abnormal/0.wav", Tone(1.0f, 440));
        File.WriteAllText(Path.Combine(root, "split.csv"), "file_name,split\nfan/id_00/normal/0.wav,train\nfan/id_00/abnormal/0.wav,test\n");

        var report = Check();

        Assert.Contains("test clips", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal(new MachineCount("fan", "00", null, 1, 1, 1, 1), report.Machines.Single());
    }

    [Fact]
    public void SeveralRatesOfOneMachineAreNoted()
    {
        Wave("fan/id_00/normal/0.wav", Tone(1.0f, 440));
        WavFile.Write(Path.Combine(root, "fan/id_00/abnormal/0.wav"), Waveform.Mono(Tone(1.0f, 400), 8000));
        Assert.Contains("8000 Hz and 16000 Hz", Assert.Single(Check().Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void TheReportIsOneJsonDocument()
    {
        Wave("fan/id_00/normal/0.wav", Tone(0.0f, 440));

        var json = JsonDocument.Parse(Check().ToJson()).RootElement;

        Assert.Equal("MIMII", json.GetProperty("layout").GetString());
        Assert.Equal("silent", json.GetProperty("problems")[0].GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("levels").ValueKind);
        Assert.Equal(1, json.GetProperty("sampleRates").GetProperty("16000").GetInt32());
    }

    [Fact]
    public void EmptyFoldersAreRefused() => Assert.Throws<BadInputException>(() => Check());

    private DatasetReport Check() => DatasetCheck.Check(root, cancellation: TestContext.Current.CancellationToken);

    private static float[] Tone(float amplitude, double frequency, double seconds = 1) =>
        [.. Enumerable.Range(0, (int)(16000 * seconds)).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / 16000)))];

    private void Wave(string name, params float[][] channels) => WavFile.Write(Path.Combine(root, name), new Waveform(channels, 16000));
}

using System.CommandLine;
using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;

namespace MimiiGen.Tests.Cli;

public sealed class DataCheckVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("datacheck").FullName;

    public DataCheckVerbTests()
    {
        Write("normal/00000000.wav", 1);
        Write("normal/00000001.wav", 2);
        Write("abnormal/00000000.wav", 3);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task SaysWhatIsThere()
    {
        var (code, output) = await Check("--json");

        using var report = JsonDocument.Parse(output);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(3, report.RootElement.GetProperty("recordings").GetInt32());
    }

    [Fact]
    public async Task EndsWith1WhereARecordingHasAProblem()
    {
        File.WriteAllText(Path.Combine(folder, "fan/id_00/normal/00000002.wav"), "no sound");

        var (code, output) = await Check();

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("00000002.wav", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> Check(params string[] options)
    {
        var output = new StringWriter();
        var code = await Application.RunAsync(
            ["data", "check", folder, .. options],
            [new Command("data") { new DataCheckVerb() }],
            output,
            TextWriter.Null,
            TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private void Write(string name, int seed)
    {
        var chance = new Random(seed);
        float[] samples = [.. Enumerable.Range(0, 16000).Select(_ => (float)(0.1 * (chance.NextDouble() - 0.5)))];
        var path = Path.Combine(folder, "fan", "id_00", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WavFile.Write(path, Waveform.Mono(samples, 16000));
    }
}

using System.CommandLine;
using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Cli;

public sealed class DetectVerbTests : IDisposable
{
    private readonly TinyRecordings recordings = new();
    private readonly string folder = Directory.CreateTempSubdirectory("detect").FullName;

    public void Dispose()
    {
        recordings.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task FitsAndScores()
    {
        var (code, output, _) = await Run("detect", "fit", "--data", recordings.Folder, "--detector", "knn", "--out", In("fitted"));
        Assert.Equal((ExitCode.Done, $"1 detectors in {In("fitted")}: fan/section_00\n"), (code, output));

        (code, output, _) = await Run("detect", "score", "--data", recordings.Folder, "--fitted", In("fitted"), "--out", In("scores"), "--json");

        Assert.Equal(ExitCode.Done, code);
        using var result = JsonDocument.Parse(output);
        Assert.Equal(6, result.RootElement.GetProperty("sections")[0].GetProperty("clips").GetInt32());
        Assert.True(result.RootElement.GetProperty("officialScore").GetDouble() > 0.5);
        Assert.True(File.Exists(In("scores/anomaly_score_fan_section_00_test.csv")));
        Assert.True(File.Exists(In("scores/result.csv")));
    }

    [Theory]
    [InlineData("give either --fitted or --detector")]
    [InlineData("--detector svm: give one of", "--detector", "svm")]
    [InlineData("no section could be scored", "--detector", "csv:none.csv")]
    [InlineData("no section could be scored", "--detector", "command:false")]
    [InlineData("no section could be scored", "--detector", "command:sleep 60; echo {folder}", "--detector-timeout", "0.3")]
    [InlineData("no section could be scored", "--detector", "command:echo rubbish > {scores}")]
    [InlineData("--detector-timeout 0", "--detector", "command:true", "--detector-timeout", "0")]
    public async Task RefusesInOneLine(string reason, params string[] options)
    {
        var (code, output, error) = await Run(["detect", "score", "--data", recordings.Folder, "--out", In("scores"), .. options]);
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(reason, error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataIsWrittenInAnotherLayout()
    {
        var (code, output, _) = await Run("data", "write", recordings.Folder, "--layout", "dcase", "--out", In("dcase"), "--json");
        Assert.Equal(ExitCode.Done, code);
        using var result = JsonDocument.Parse(output);
        Assert.Equal(14, result.RootElement.GetProperty("recordings").GetInt32());
        Assert.True(File.Exists(In("dcase/fan/train/section_00_source_train_normal_0000_machine_00_snr_0_channel_0.wav")));
        (code, _, var error) = await Run("data", "write", recordings.Folder, "--layout", "dcase", "--out", In("dcase"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("holds files already", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] line)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Command[] verbs = [new Command("detect") { new DetectFitVerb(), new DetectScoreVerb() }, new Command("data") { new DataCheckVerb(), new DataWriteVerb() }];
        var code = await Application.RunAsync(line, verbs, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }

    private string In(string name) => Path.Combine(folder, name);
}

using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Evaluation.Scoring;

namespace MimiiGen.Tests.Cli;

public sealed class ScoreVerbTests : IDisposable
{
    private readonly ClipFolders folders = new();

    public void Dispose() => folders.Dispose();

    [Fact]
    public async Task WritesEveryNumberAsARecord()
    {
        ClipFolders.Fill(folders.Real, 8, 1);
        ClipFolders.Fill(folders.Generated, 8, 21);

        var (code, output, error) = await Score("--json");

        using var json = JsonDocument.Parse(output);
        var scores = json.RootElement.GetProperty("scores").EnumerateArray().ToArray();
        var kad = scores.First(s => s.GetProperty("metric").GetString() == "KAD");
        Assert.Equal(ExitCode.Done, code);
        Assert.True(scores.Length > 20);
        Assert.Equal(2, kad.GetProperty("interval").GetArrayLength());
        Assert.Equal(64, kad.GetProperty("weightsSha256").GetString()!.Length);
        Assert.Equal(8, kad.GetProperty("realSeconds").GetDouble(), 1e-9);
        Assert.Contains("embedding generated clips", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowsATableWithVerdicts()
    {
        ClipFolders.Fill(folders.Real, 4, 1);
        ClipFolders.Fill(folders.Generated, 4, 21);

        var (code, output, _) = await Score();

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("4 generated clips (4 s) against 4 real ones (4 s)", output, StringComparison.Ordinal);
        Assert.Contains("none [", output, StringComparison.Ordinal);
        Assert.Contains("[1] too few clips: 4 rows for 384 dimensions", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptySideIsOneLineAndExitCode2()
    {
        ClipFolders.Fill(folders.Real, 2, 1);

        var (code, output, error) = await Score();

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.Contains("no such folder of generated clips", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeviceThatThisMachineLacksIsRefused()
    {
        ClipFolders.Fill(folders.Real, 2, 1);
        ClipFolders.Fill(folders.Generated, 2, 21);

        var (code, output, error) = await Score("--device", "cuda:9");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.Contains("this machine has", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> Score(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Application.RunAsync(
            ["score", "--real", folders.Real, "--generated", folders.Generated, "--cache", folders.Cache, "--resamples", "10", .. options],
            [new ScoreVerb()],
            output,
            error,
            TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}

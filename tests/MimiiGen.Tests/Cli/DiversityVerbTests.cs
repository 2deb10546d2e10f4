using System.CommandLine;
using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Evaluation.Scoring;

namespace MimiiGen.Tests.Cli;

public sealed class DiversityVerbTests : IDisposable
{
    private readonly ClipFolders folders = new();

    public DiversityVerbTests()
    {
        foreach (var (side, seed) in new[] { (folders.Real, 1), (folders.Generated, 31) })
            foreach (var (state, level) in new[] { ("normal", 0.02), ("abnormal", 0.4) })
                ClipFolders.Fill(Path.Combine(side, "fan", state), 4, seed + state.Length, level: level);
    }

    public void Dispose() => folders.Dispose();

    [Fact]
    public async Task RecogniseTellsBothAccuracies()
    {
        var (code, output) = await Run(new RecogniseVerb(), "recognise", "--real", folders.Real, "--generated", folders.Generated, "--json");

        using var json = JsonDocument.Parse(output);
        var task = json.RootElement.GetProperty("tasks")[0];
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("fault", task.GetProperty("property").GetString());
        Assert.InRange(task.GetProperty("realAccuracy").GetProperty("value").GetDouble(), 0, 1);
        Assert.InRange(task.GetProperty("generatedAccuracy").GetProperty("low").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task CopiesListsThem()
    {
        File.Copy(Path.Combine(folders.Real, "fan", "normal", "0001.wav"), Path.Combine(folders.Generated, "fan", "normal", "stolen.wav"));

        var (code, output) = await Run(new CopiesVerb(), "copies", "--training", folders.Real, "--generated", folders.Generated);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("1 of 9 generated clips are copies of training clips:", output, StringComparison.Ordinal);
        Assert.Contains("stolen.wav of fan/normal/0001.wav", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClustersShowsTablesAndWritesTheMap()
    {
        var map = Path.Combine(folders.Cache, "map.svg");

        var (code, output) = await Run(new ClustersVerb(), "clusters", "--real", folders.Real, "--generated", folders.Generated, "--map", map);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("HDBSCAN", output, StringComparison.Ordinal);
        Assert.Contains("state=anomaly", output, StringComparison.Ordinal);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(map, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooFewClipsAreExitCode2()
    {
        Directory.Delete(Path.Combine(folders.Real, "fan", "abnormal"), recursive: true);

        var (code, output) = await Run(new RecogniseVerb(), "recognise", "--real", folders.Real, "--generated", folders.Generated);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
    }

    private async Task<(int Code, string Output)> Run(Command verb, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await Application.RunAsync([.. arguments, "--cache", folders.Cache], [verb], output, TextWriter.Null, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}

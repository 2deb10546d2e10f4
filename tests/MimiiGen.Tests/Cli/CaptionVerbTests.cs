using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Training;
using MimiiGen.Text;

namespace MimiiGen.Tests.Cli;

public sealed class CaptionVerbTests : IDisposable
{
    private readonly TinyRecordings recordings = new();
    private readonly string folder = Directory.CreateTempSubdirectory("captions").FullName;

    private string Table => Path.Combine(folder, "captions.csv");

    public void Dispose()
    {
        recordings.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("0,A fan model 00 operating in factory noise at a signal-to-noise ratio of 0 dB recorded by microphone 0 with anomaly,template")]
    [InlineData("0,machine: fan; model: 00; signal-to-noise ratio: 0 dB; microphone: 0; state: anomaly,metadata", "--style", "metadata")]
    [InlineData("0,A fan,template", "--detail", "machine")]
    [InlineData("0,A fan model 00 operating in factory noise at a signal-to-noise ratio of 0 dB recorded by microphone 0,template", "--detail", "noAnomaly")]
    public async Task EachStyleWritesItsTable(string first, params string[] options)
    {
        var result = await Run(options);

        Assert.Equal("file_name,channel,caption,written_by", File.ReadLines(Table).First());
        Assert.Equal("0_dB_fan/fan/id_00/abnormal/00000000.wav," + first, File.ReadLines(Table).ElementAt(1));
        Assert.Equal(14, result.GetProperty("captions").GetInt32());
    }

    [Fact]
    public async Task AModelThatCannotWriteLeavesTheTemplateAndIsCounted()
    {
        using (var model = new T5ForConditionalGeneration(T5Config.SmallByteLevel with { DModel = 16, DFf = 16, NumLayers = 1 })) model.Save(folder);

        var result = await Run("--style", "flan", "--model", folder, "--variants", "2");

        Assert.Equal((28, 4), (result.GetProperty("captions").GetInt32(), result.GetProperty("fallbacks").GetInt32()));
        Assert.Equal(24, result.GetProperty("refused").GetInt32());
        Assert.Contains("with anomaly,template", File.ReadAllText(Table), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStyleThatIsNoneIsRefusedInOneLine()
    {
        var error = new StringWriter();

        var code = await Application.RunAsync(["caption", "--data", "x", "--style", "poem"], [new CaptionVerb()], TextWriter.Null, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("Template", Assert.Single(error.ToString().TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("MimiiGen.", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> Run(params string[] options)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Application.RunAsync(
            ["caption", "--data", recordings.Folder, "--out", Table, "--json", "--threads", "1", .. options], [new CaptionVerb()], output, error, TestContext.Current.CancellationToken);
        Assert.True(code == ExitCode.Done, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}

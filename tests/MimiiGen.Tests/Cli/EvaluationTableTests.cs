using MimiiGen.Cli.Framework;
using MimiiGen.Tests.Evaluation.Report;

namespace MimiiGen.Tests.Cli;

public sealed class EvaluationTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("table").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void HoldsEveryMeasureAndTheVerdictInPlainText()
    {
        var writer = new StringWriter();

        EvaluationTable.Show(Application.ConsoleFor(writer), MadeUpEvaluation.Make(folder, generatedShift: 1.5));

        var text = writer.ToString();
        foreach (var words in new[] { "fan id_00", "AUC, real clips", "Resampling alone", "Codec round trip", "Generated normal clips", "✕ wrong", "Fréchet audio distance 2.41", "No: these clips" })
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 120));
    }
}

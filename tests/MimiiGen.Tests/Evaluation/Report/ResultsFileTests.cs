using System.Text.Json;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Tests.Evaluation.Report;

public sealed class ResultsFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("results").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void KeysAreThoseThatOtherProgramsHoldOnTo()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Written(MadeUpEvaluation.Make(folder))));
        var root = json.RootElement;
        var machine = root.GetProperty("machines")[0];

        Assert.Equal("fan", machine.GetProperty("machine").GetString());
        Assert.Equal("id_00", machine.GetProperty("id").GetString());
        foreach (var group in new[] { "real", "generated", "mixed" })
            foreach (var area in new[] { "auc", "pauc" })
                AssertInterval(machine.GetProperty(group), area);
        AssertInterval(machine, "aucDifference");
        foreach (var control in new[] { "resamplingAuc", "codecRoundTripAuc", "generatedNormalAuc" }) AssertInterval(machine.GetProperty("controls"), control);
        Assert.Equal(0.95, machine.GetProperty("spreadRatio").GetDouble(), 12);
        Assert.Equal(0.4, machine.GetProperty("levelErrorDb").GetDouble(), 12);
        Assert.Equal(["63", "125", "250", "500", "1000", "2000", "4000", "8000"], machine.GetProperty("bandErrorDb").EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            Math.Abs(machine.GetProperty("aucDifference").GetDouble()), root.GetProperty("meanAucDifference").GetDouble());
        Assert.Equal(2.41, root.GetProperty("fad").GetDouble());
        Assert.Equal("ddim", root.GetProperty("settings").GetProperty("sampler").GetString());
        Assert.Equal(217, root.GetProperty("seconds").GetDouble());
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var path = Written(MadeUpEvaluation.Make(folder));
        var written = File.ReadAllText(path);

        ResultsFile.Write(path, ResultsFile.Read(path));

        Assert.Equal(written, File.ReadAllText(path));
    }

    [Fact]
    public void AnotherFileIsRefusedInOneLine()
    {
        var path = Path.Combine(folder, "other.json");
        File.WriteAllText(path, "{\"machines\": 3}");

        var refused = Assert.Throws<BadInputException>(() => ResultsFile.Read(path));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private string Written(EvaluationResult result)
    {
        var path = Path.Combine(folder, "results.json");
        ResultsFile.Write(path, result);
        return path;
    }

    /// <summary>The number under its own key, [low, high] under that key + Interval.</summary>
    private static void AssertInterval(JsonElement holder, string key)
    {
        var number = holder.GetProperty(key).GetDouble();
        var bounds = holder.GetProperty(key + "Interval").EnumerateArray().Select(b => b.GetDouble()).ToArray();
        Assert.Equal(2, bounds.Length);
        Assert.InRange(number, bounds[0], bounds[1]);
    }
}

using System.Text.Json;
using MimiiGen.Datasets;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Evaluation;

/// <summary>The whole chain on made-up recordings and networks that learned next to nothing: not what comes out, but that all of it does.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class SimulatedEvaluationTests(TinyModel tiny) : IDisposable
{
    private static readonly EvaluationOptions Options = new() { Epochs = 4, DetectorSeeds = 2, Sampling = new SamplingSettings(Steps: 2), Command = "mimiigen evaluate" };

    private readonly TinyRecordings recordings = new();
    private readonly string folder = Directory.CreateTempSubdirectory("evaluation").FullName;

    public void Dispose()
    {
        recordings.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void WritesResultsReportClipsAndSidecarsAndKeepsClipsThatAreThere()
    {
        var stages = new List<string>();
        var result = Evaluate(new EachReport(p => stages.Add(p.Stage)));

        using (var document = JsonDocument.Parse(File.ReadAllText(In("results.json")))) AssertKeys(document.RootElement);
        Assert.Equal(result.MeanAucDifference, ResultsFile.Read(In("results.json")).MeanAucDifference, 1e-12);
        Assert.Contains("<html", File.ReadAllText(In("report.html")), StringComparison.Ordinal);
        var machine = Assert.Single(result.Machines);
        Assert.Equal(("fan", "id_00"), (machine.Machine, machine.Id));
        Assert.Equal(new ClipCounts(6, 3, 3, 3, 3), machine.Counts);
        Assert.All(machine.Classes, c => Assert.Equal((128, 128), (c.TimeVarianceRatio.Count, c.Training!.TimeVarianceRatio.Count)));
        Assert.Equal(machine.Classes[0].BandErrorDb.Keys, machine.Classes[0].Training!.BandErrorDb.Keys);
        Assert.InRange(machine.Controls.TrainingNormalAuc.Estimate, machine.Controls.TrainingNormalAuc.Low, machine.Controls.TrainingNormalAuc.High);
        Assert.Equal(["generating clips", "training detectors, fan id_00", "scoring, fan id_00"], stages.Distinct());
        var clips = Directory.GetFiles(In("clips/fan/id_00"), "*.wav", SearchOption.AllDirectories);
        Assert.Equal(6, clips.Length);
        Assert.All(clips, clip => Assert.NotNull(ClipRecord.TryRead(Path.ChangeExtension(clip, ".json"))));

        var written = clips.ToDictionary(c => c, File.GetLastWriteTimeUtc);
        File.Delete(clips[0]);
        var again = Evaluate();

        Assert.All(clips[1..], clip => Assert.Equal(written[clip], File.GetLastWriteTimeUtc(clip)));
        Assert.True(File.Exists(clips[0]));
        Assert.Equal(
            JsonSerializer.Serialize(result with { Seconds = 0 }, ResultsFile.Format),
            JsonSerializer.Serialize(again with { Seconds = 0 }, ResultsFile.Format));
    }

    [Fact]
    public void DetectorsAreComparedAndOneThatFailsIsNamed()
    {
        var options = Options with { Detectors = [.. new[] { "knn", "lof", "gmm", "csv:none.csv", "command:false" }.Select(MimiiGen.Detection.DetectorKind.Parse)] };

        var result = Evaluate(options: options);

        var machine = Assert.Single(result.Machines);
        Assert.Equal(["knn", "lof", "gmm", "csv:none.csv", "command:false"], machine.Detectors.Select(d => d.Detector));
        Assert.Equal(["none.csv: no such table of scores", "'false' ended with 1"], machine.Detectors.Select(d => d.Failure).OfType<string>());
        Assert.Equal(machine.Detectors[0].Outcome!.Real.Auc, machine.Real.Auc);
        Assert.Equal(3, result.DetectorAgreement?.Ranking.Count ?? 3);
        Assert.Null(result.MachineAgreement);
        Assert.Equal(4, result.Pairs.Select(p => p.Generated).Distinct().Count());
        Assert.Equal(4, result.Pairs.Count);
        Assert.All(result.Pairs.Skip(2), p => Assert.StartsWith("among the worst cases", p.Note, StringComparison.Ordinal));
        Assert.Equal(1 + 5, File.ReadLines(In("detectors.csv")).Count());
        Assert.Equal(1 + (3 * 12), File.ReadLines(In("scores.csv")).Count());
        var html = File.ReadAllText(In("report.html"));
        Assert.Contains("no scores: &#39;false&#39; ended with 1", html, StringComparison.Ordinal);
        Assert.Contains("Kolmogorov-Smirnov", html, StringComparison.Ordinal);
        var written = File.ReadAllText(In("results.json"));
        ResultsFile.Write(In("again.json"), ResultsFile.Read(In("results.json")));
        Assert.Equal(written, File.ReadAllText(In("again.json")));
    }

    [Fact]
    public void AProgramThatHangsOrWritesGarbageAndAModelWithOtherInputsLeaveTheOthersAlone()
    {
        Detection.OnnxFile.Write(In("other.onnx"), "Relu", [-1, 100]);
        string[] names = ["knn", "command:sleep 60; echo {folder}", "command:head -c 3000 /dev/urandom > {scores}", $"onnx:{In("other.onnx")}", "lof"];

        var result = Evaluate(options: Options with { DetectorTimeout = TimeSpan.FromSeconds(0.3), Detectors = [.. names.Select(MimiiGen.Detection.DetectorKind.Parse)] });

        var detectors = Assert.Single(result.Machines).Detectors;
        Assert.Equal([true, false, false, false, true], detectors.Select(d => d.Outcome is not null));
        Assert.Collection(
            detectors.Select(d => d.Failure).OfType<string>(),
            hung => Assert.Contains("was ended after 0.3 s", hung, StringComparison.Ordinal),
            wrote => Assert.Contains("wrote no table of scores", wrote, StringComparison.Ordinal),
            takes => Assert.Contains("takes x Single (?, 100)", takes, StringComparison.Ordinal));
        Assert.All(detectors.Select(d => d.Failure).OfType<string>(), failure => Assert.DoesNotContain(failure, char.IsControl));
    }

    [Fact]
    public void TheFirstDetectorMustHear()
    {
        var options = Options with { Detectors = [MimiiGen.Detection.DetectorKind.Parse("csv:none.csv")] };
        Assert.Contains("the first detector, csv:none.csv", Assert.Throws<BadInputException>(() => Evaluate(options: options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClipThatCannotBeUsedIsNamedAndLeftOut()
    {
        recordings.Write("normal", "00000008", new float[TinyRecordings.SampleRate]);
        recordings.Write("normal", "00000005", [.. TinyRecordings.Sound(1), float.NaN], MimiiGen.Audio.WavEncoding.Float32);
        var told = new List<string>();

        var counts = Assert.Single(Evaluate(warn: told.Add).Machines).Counts;

        Assert.Equal(new ClipCounts(5, 2, 3, 2, 3), counts);
        Assert.Equal(["left out: 0_dB_fan/fan/id_00/normal/00000005.wav has 1 samples that are NaN or infinite; export it again from its source", "left out: 0_dB_fan/fan/id_00/normal/00000008.wav is silent; leave it out or record it again"], told);
    }

    [Fact]
    public void AnOutputFolderMayBeRelative()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);

        Evaluate(to: relative);

        foreach (var file in new[] { "report.html", "results.json", "spectrograms.png" }) Assert.True(File.Exists(In(file)), file);
    }

    private EvaluationResult Evaluate(IProgress<WorkProgress>? progress = null, Action<string>? warn = null, string? to = null, EvaluationOptions? options = null)
    {
        using var model = SoundModel.Load(tiny.Folder);
        using var embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));
        return new SimulatedEvaluation(DatasetReader.Read(recordings.Folder), model, embedder, options ?? Options, to ?? folder, progress).Run(warn);
    }

    /// <summary>The keys that other programs hold on to.</summary>
    private static void AssertKeys(JsonElement root)
    {
        var machine = root.GetProperty("machines")[0];
        Assert.Equal("fan", machine.GetProperty("machine").GetString());
        Assert.Equal("id_00", machine.GetProperty("id").GetString());
        foreach (var group in new[] { "real", "generated", "mixed" })
            foreach (var measure in new[] { "auc", "pauc" })
                AssertInterval(machine.GetProperty(group), measure);
        AssertInterval(machine, "aucDifference");
        foreach (var control in new[] { "resamplingAuc", "codecRoundTripAuc", "generatedNormalAuc" }) AssertInterval(machine.GetProperty("controls"), control);
        foreach (var number in new[] { "spreadRatio", "levelErrorDb" }) Assert.True(double.IsFinite(machine.GetProperty(number).GetDouble()), number);
        Assert.Equal(["63", "125", "250", "500", "1000", "2000", "4000"], machine.GetProperty("bandErrorDb").EnumerateObject().Select(b => b.Name).Take(7));
        foreach (var number in new[] { "meanAucDifference", "seconds" }) Assert.True(double.IsFinite(root.GetProperty(number).GetDouble()), number);
        Assert.True(root.GetProperty("fad").GetDouble() > 0);
        Assert.Equal(2, root.GetProperty("settings").GetProperty("steps").GetInt32());
    }

    private static void AssertInterval(JsonElement owner, string name)
    {
        var interval = owner.GetProperty(name + "Interval");
        var (low, estimate, high) = (interval[0].GetDouble(), owner.GetProperty(name).GetDouble(), interval[1].GetDouble());
        Assert.True(low <= estimate && estimate <= high, $"{low} {estimate} {high}");
    }

    private string In(string name) => Path.Combine(folder, name);
}

using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Experiments;
using MimiiGen.Experiments.Reporting;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Training;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Experiments;

/// <summary>Every study on a tiny model and tiny recordings, through the whole frame.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class StudyTests(TinyModel tiny) : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("studies").FullName;

    public static TheoryData<string> Names => [.. Study.All.Select(s => s.Name)];

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void GoesFromDataToReport(string name)
    {
        var result = Run(name);

        Assert.Equal(name, result.Study);
        Assert.Equal(["real halves", "codec alone"], result.Records.Select(r => r.Arm).Distinct().Take(2));
        Assert.All(result.Records.GroupBy(r => r.Arm), arm => Assert.Equal(2, arm.Count()));
        Assert.All(result.Records, r => Assert.Contains(r.Measures, m => m is { Metric: "FAD", Value: >= 0 }));
        Assert.All(result.Records, r => Assert.Contains(r.Measures, m => m.Metric == "AUC difference" && m.Low <= m.Value && m.Value <= m.High));
        Assert.NotEmpty(result.Figures);
        Assert.All(result.Figures, f => Assert.StartsWith("<?xml", File.ReadAllText(Path.Combine(root, name, f.File)), StringComparison.Ordinal));
        Assert.Equal(result.Records.Select(r => r.Arm).Distinct().Count() + 2, File.ReadAllLines(Path.Combine(root, name, "table.csv")).Length);
        Assert.Equal(result.Findings, StudyFile.Read(Path.Combine(root, name, "results.json")).Findings);

        var page = Path.Combine(root, "page.md");
        Assert.Equal([name], StudyPage.Write(root, page));
        Assert.Contains(result.Findings[0], File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void AStudyThatWasStoppedGoesOnBehindItsRecords()
    {
        using (var stop = new StopAt("study detection", 3)) Assert.Throws<OperationCanceledException>(() => Run("detection", stop, stop.Token));
        var records = Directory.GetFiles(Path.Combine(root, "detection", "records")).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.Equal(3, records.Count);

        var result = Run("detection");

        Assert.All(records, r => Assert.Equal(r.Value, File.GetLastWriteTimeUtc(r.Key)));
        Assert.Equal(14, result.Records.Count);
    }

    [Fact]
    public void OtherOptionsAreRefusedInAFolderThatWasBegun()
    {
        Run("detection");

        var error = Assert.Throws<BadInputException>(() => new StudyRun(Of("detection"), Options with { Seed = 5 }).Run());

        Assert.Contains("begun with other options", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneSeedIsRefused() => Assert.Contains("at least 2", Assert.Throws<BadInputException>(() => new StudyRun(Of("steps"), Options with { Seeds = 1 }).Run()).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatTheDataLacksIsSaidBeforeAnythingIsTrained()
    {
        using var recordings = new TinyRecordings();
        recordings.WriteSplit(File.ReadAllLines(recordings.SplitFile).Select(l => l.Contains("abnormal", StringComparison.Ordinal) ? l.Replace(",train", ",test", StringComparison.Ordinal) : l));

        foreach (var (study, missing) in new[] { ("data-size", "at least 2 anomalous clips"), ("transfer", "nothing to leave out"), ("captions", "at least two conditions") })
        {
            var error = Assert.Throws<BadInputException>(() => new StudyRun(Of(study), Options with { Data = recordings.Folder }).Run());
            Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(root, "shared")));
    }

    private StudyOptions Options => new()
    {
        Data = tiny.Recordings.Folder,
        Model = Model(),
        Embedding = RepositoryFolder.Of("models/efficientat-mn04"),
        Out = root,
        Budget = TimeSpan.FromSeconds(0.1),
        Architecture = TinyNetworks.Generator,
        Training = TinyNetworks.Settings,
        DetectorSeeds = 1,
        DetectorEpochs = 1,
        FewestSteps = 2,
        SamplerSteps = 2,
        RepresentationSteps = 2,
    };

    /// <summary>The tiny model with codebooks that are not empty, which would give silence.</summary>
    private string Model()
    {
        var folder = Path.Combine(root, "model");
        if (Directory.Exists(folder)) return folder;
        foreach (var file in Directory.GetFiles(tiny.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(tiny.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        using var codec = EncodecModel.Load(Path.Combine(folder, "codec"));
        using (no_grad())
            for (var i = 0; i < codec.Quantizer.Count; i++) codec.Quantizer.Entries(i).normal_(0, 0.1);
        ModelWeights.Save(codec, Path.Combine(folder, "codec", "model.safetensors"), ScalarType.Float16);
        return folder;
    }

    private static Study Of(string name) => Study.All.Single(s => s.Name == name);

    private StudyResult Run(string name, IProgress<WorkProgress>? progress = null, CancellationToken stop = default) => new StudyRun(Of(name), Options, null, progress, stop).Run();
}

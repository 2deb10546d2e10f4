using MimiiGen.Audio;
using MimiiGen.Datasets;
using MimiiGen.Detection;
using MimiiGen.Evaluation.Sections;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Evaluation.Sections;

/// <summary>Detectors fitted to and asked of a made-up set in the DCASE layout.</summary>
public sealed class DetectorRunTests : IDisposable
{
    private static readonly DetectorRun.Settings Quick = new(Epochs: 3, Seed: 1);

    private readonly string root = Directory.CreateTempSubdirectory("sections").FullName;
    private readonly List<string> told = [];

    public DetectorRunTests()
    {
        for (var i = 0; i < 4; i++) Write($"fan/train/section_00_{(i < 3 ? "source" : "target")}_train_normal_{i:d4}_.wav", i);
        foreach (var domain in new[] { "source", "target" })
            for (var i = 0; i < 2; i++)
            {
                Write($"fan/test/section_00_{domain}_test_normal_{i:d4}_.wav", 10 + i);
                Write($"fan/test/section_00_{domain}_test_anomaly_{i:d4}_.wav", 20 + i, faulty: true);
            }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("autoencoder")]
    [InlineData("mahalanobis")]
    [InlineData("mimii2019")]
    [InlineData("knn")]
    [InlineData("lof")]
    [InlineData("gmm")]
    public void AKeptDetectorScoresAsTheFreshOne(string name)
    {
        var kind = DetectorKind.Parse(name);
        Assert.Equal(["fan/section_00"], Run().Fit(kind, Quick, In("fitted")));

        var kept = Assert.Single(Run().ScoreFitted(In("fitted"), In("kept")));
        var fresh = Assert.Single(Run().Score(kind, Quick, In("fresh")));

        Assert.Equal(fresh.Auc, kept.Auc);
        Assert.Equal(8, kept.Clips);
        Assert.Equal(fresh.Threshold!.Value, kept.Threshold!.Value, 1e-4 * Math.Abs(fresh.Threshold.Value));
        Assert.NotNull(kept.AucTarget);
        Assert.Empty(told);
        var scores = File.ReadAllLines(In("kept/anomaly_score_fan_section_00_test.csv"));
        var decisions = File.ReadAllLines(In("kept/decision_result_fan_section_00_test.csv"));
        Assert.Equal(8, scores.Length);
        Assert.StartsWith("section_00_source_test_anomaly_0000_.wav,", scores[0], StringComparison.Ordinal);
        for (var i = 0; i < 8; i++)
            Assert.Equal(double.Parse(scores[i].Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) > kept.Threshold ? "1" : "0", decisions[i].Split(',')[1]);
    }

    [Fact]
    public void FilesAndScoresFollowTheBaselinesRules()
    {
        // source normals below all anomalies, target normals above one of four
        File.WriteAllLines(In("scores.csv"), Directory.GetFiles(In("fan/test")).Select(Path.GetFileName).Select(n =>
            $"{n},{(n!.Contains("anomaly_0000", StringComparison.Ordinal) ? 2 : n.Contains("anomaly", StringComparison.Ordinal) ? 3 : n.Contains("source", StringComparison.Ordinal) ? 1 : 2.5)}"));

        var result = Assert.Single(Run().Score(DetectorKind.Parse($"csv:{In("scores.csv")}"), Quick, In("out")));

        Assert.Equal((0.75, 1.0, 0.5), (result.Auc!.Value, result.AucSource!.Value, result.AucTarget!.Value));
        Assert.Null(result.Threshold);
        Assert.Equal("no threshold: no decisions", result.Note);
        var official = 3 / ((1 / result.AucSource!.Value) + (1 / result.AucTarget!.Value) + (1 / result.Pauc!.Value));
        Assert.Equal(official, SectionResult.OfficialScore([result])!.Value, 1e-12);
        var lines = File.ReadAllLines(In("out/result.csv"));
        Assert.StartsWith("machine,section,AUC,AUC (source),AUC (target),pAUC,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("fan,00,0.75,1,0.5,", lines[1], StringComparison.Ordinal);
        Assert.Equal(["arithmetic mean", "harmonic mean", "official score"], lines[2..].Select(l => l.Split(',')[0]));
        Assert.False(File.Exists(In("out/decision_result_fan_section_00_test.csv")));
    }

    [Fact]
    public void WhatIsMissingIsSaidAndTheRestGoesOn()
    {
        Write("pump/test/section_00_0000.wav", 1);
        Write("pump/test/section_00_0001.wav", 2);
        for (var i = 0; i < 2; i++) Write($"pump/train/section_00_source_train_normal_{i:d4}_.wav", 30 + i);
        for (var i = 0; i < 2; i++) Write($"valve/train/section_00_source_train_normal_{i:d4}_.wav", 40 + i);
        Write("slider/test/section_00_source_test_normal_0000_.wav", 50);
        for (var i = 0; i < 2; i++) Write($"bearing/train/section_01_source_train_normal_{i:d4}_.wav", 60 + i);
        Write("bearing/test/section_01_source_test_normal_0000_.wav", 70);
        Write("bearing/test/section_01_source_test_anomaly_0000_.wav", 71, faulty: true);

        var results = Run().Score(DetectorKind.Parse("knn"), Quick, In("out")).ToDictionary(r => r.Machine);

        Assert.Equal(["bearing", "fan", "pump"], results.Keys.Order());
        Assert.Null(results["pump"].Auc);
        Assert.StartsWith("no clip has a label: scores without AUC", results["pump"].Note, StringComparison.Ordinal);
        Assert.Contains("no normal clips of the target domain", results["bearing"].Note, StringComparison.Ordinal);
        Assert.NotNull(results["bearing"].AucSource);
        Assert.Equal(["left out, for they have no test clips: valve/section_00", "slider/section_00 is left out: 0 normal training clips, 2 are the least"], told.Order());
        Assert.Contains("no detector fitted", Refusal(() => Run().ScoreFitted(In("none"), In("out"))), StringComparison.Ordinal);
        Assert.Contains("has nothing to fit", Assert.Throws<BadInputException>(() => Run().Fit(DetectorKind.Parse("command:true"), Quick, In("fitted"))).Message, StringComparison.Ordinal);

        string Refusal(Action action)
        {
            told.Clear();
            Assert.Throws<BadInputException>(action);
            return string.Join('\n', told);
        }
    }

    [Fact]
    public void OnlyMachinesTestedAtSeveralRatiosAreToldApart()
    {
        var samples = DetectorSection.Of(DatasetReader.Read(RepositoryFolder.Of("samples")));
        Assert.Equal(("fan", "00", 10, 20), Assert.Single(samples.Where(s => s.TestClips.Count > 0).Select(s => (s.Machine, s.Section, s.TrainingNormals.Count, s.TestClips.Count))));
        Assert.Contains(samples, s => s.Name == "-6_dB_fan/section_00");
        Assert.Equal(samples.Count, samples.Select(s => s.Name).Distinct().Count());
    }

    [Fact]
    public void OneClassGivesNoAuc()
    {
        foreach (var anomaly in Directory.GetFiles(In("fan/test"), "*anomaly*")) File.Delete(anomaly);
        var result = Assert.Single(Run().Score(DetectorKind.Parse("lof"), Quick, In("out")));
        Assert.Null(result.Auc);
        Assert.StartsWith("only normal clips: no AUC", result.Note, StringComparison.Ordinal);
        Assert.Null(SectionResult.OfficialScore([result]));
    }

    [Fact]
    public void AProgramIsAskedForTheTrainingClipsToo()
    {
        File.WriteAllText(In("size.sh"), "for f in \"$1\"/test/*.wav; do echo \"$(basename $f),$(cksum < $f | cut -c1-4)\" >> \"$2\"; done");
        var result = Assert.Single(Run().Score(DetectorKind.Parse($"command:sh {In("size.sh")}"), Quick, In("out")));
        Assert.NotNull(result.Threshold);
        Assert.NotNull(result.Decisions);
        Assert.Contains("fan/section_00 is left out: 'false' ended with 1", Broken("command:false"), StringComparison.Ordinal);

        string Broken(string name)
        {
            Assert.Throws<BadInputException>(() => Run().Score(DetectorKind.Parse(name), Quick, In("out")));
            return told[0];
        }
    }

    private DetectorRun Run() => new(DatasetReader.Read(root, layoutName: "dcase"), warn: told.Add, cancel: TestContext.Current.CancellationToken);

    private string In(string name) => Path.Combine(root, name);

    private void Write(string name, int seed, bool faulty = false) => WavFile.Write(In(name), Waveform.Mono(TinyRecordings.Sound(seed, faulty: faulty), TinyRecordings.SampleRate));
}

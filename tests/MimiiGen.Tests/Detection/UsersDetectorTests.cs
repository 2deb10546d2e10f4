using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Detection;
using MimiiGen.Tests.Training;
using TorchSharp;

namespace MimiiGen.Tests.Detection;

/// <summary>Detectors that a user brings: a table of scores, an ONNX model, a program.</summary>
public sealed class UsersDetectorTests : IDisposable
{
    private static readonly DetectorClip[] Clips =
        [.. Enumerable.Range(0, 3).Select(i => new DetectorClip($"test/{i:d8}.wav", Waveform.Mono(TinyRecordings.Sound(i), TinyRecordings.SampleRate)))];

    private readonly string folder = Directory.CreateTempSubdirectory("users").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("test/00000000.wav,1.5\ntest/00000001.wav,-2\ntest/00000002.wav,3e2\n")]
    [InlineData("\uFEFFfile_name,score\r\n00000002.wav,300\r\n\r\n00000000.wav, 1.5\r\nother/00000001.wav,-2\r\n")]
    public void ScoresAreFoundByName(string table)
    {
        using var detector = ScoreTable.Read(Text("scores.csv", table));
        Assert.Equal([1.5, -2, 300], detector.Score(Clips, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("a.wav,1\n00000000.wav,2\n", "no score for 2 of 3 clips, the first: test/00000001.wav")]
    [InlineData("a/00000000.wav,1\nb/00000000.wav,2\n00000001.wav,1\n00000002.wav,1", "no score for 1 of 3 clips, the first: test/00000000.wav")]
    [InlineData("a.wav,1\na.wav,2\n", "line 2: a.wav has a score already")]
    [InlineData("a.wav,1\nb.wav\n", "line 2: 'b.wav' is not NAME,SCORE")]
    [InlineData("a.wav,1\nb.wav,high\n", "line 2: 'b.wav,high' is not NAME,SCORE")]
    [InlineData("a.wav,NaN\n", "line 1: the score of a.wav is NaN")]
    [InlineData("name,score\n", "holds no scores")]
    public void ABadTableIsToldInOneLine(string table, string reason) => Refused(reason, () =>
    {
        using var detector = ScoreTable.Read(Text("scores.csv", table));
        detector.Score(Clips, TestContext.Current.CancellationToken);
    });

    [Theory]
    [InlineData(new[] { -1, 640 }, 0.0)]
    [InlineData(new[] { -1, 320 }, 0.0)]
    [InlineData(new[] { -1, 1, -2, 128 }, 0.0)]
    [InlineData(new[] { 1, -1, 128 }, 0.0)]
    [InlineData(new[] { 1, -1 }, 0.0)]
    public void AnOnnxModelThatCopiesItsInputErrsByNothing(int[] shape, double score)
    {
        using var detector = Onnx("Identity", shape);
        detector.Fit(Clips, cancel: TestContext.Current.CancellationToken);
        Assert.All(detector.Score(Clips, TestContext.Current.CancellationToken), s => Assert.Equal(score, s, 1e-9));
    }

    [Fact]
    public void AnOnnxModelsScoreIsItsOutputsMean()
    {
        using var absolute = Onnx("GlobalMaxPool", [1, 1, -1, 128]);
        using var features = new LogMelVectors(TinyRecordings.SampleRate).Spectrum(Clips[0].Sound);
        Assert.Equal(features.max().ToDouble(), absolute.Score(Clips, TestContext.Current.CancellationToken)[0], 1e-4);
        using var error = Onnx("Neg", [-1, 640]);
        using var vectors = new LogMelVectors(TinyRecordings.SampleRate).Of(Clips[0].Sound);
        using var square = (4 * vectors.square()).mean();
        Assert.Equal(square.ToDouble(), error.Score(Clips, TestContext.Current.CancellationToken)[0], 1e-2);
    }

    [Fact]
    public void OtherModelsAreRefusedInOneLine()
    {
        Refused("takes x Single (?, 100); give one float input (N, 640)", () => Onnx("Relu", [-1, 100]));
        Refused("takes x Int64 (?, 640)", () => Onnx("Identity", [-1, 640], elementType: 7));
        var path = Path.Combine(folder, "other.onnx");
        OnnxFile.WriteWithoutInput(path);
        Refused("takes no input; give one float input", () => OnnxDetector.Load(path));
        OnnxFile.WriteOfSequence(path);
        Refused("takes x, no tensor; give one float input", () => OnnxDetector.Load(path));
        Refused("can't be opened as an ONNX model", () => OnnxDetector.Load(Text("garbage.onnx", "garbage")));
        Refused("no such ONNX file", () => OnnxDetector.Load(Path.Combine(folder, "absent.onnx")));
    }

    [Fact]
    public void AProgramGetsAFolderAndWritesScores()
    {
        var script = Text("detector.sh", """
            test "$(ls "$1/train" | wc -l)" -eq 2 || exit 9
            for f in "$1"/test/*.wav; do echo "$(basename "$f"),$(ls "$1"/test | grep -n "^$(basename "$f")$" | cut -d: -f1)" >> "$2"; done
            """);
        using var detector = new CommandDetector($"sh {script}", TimeSpan.FromMinutes(1));
        detector.Fit(Clips[..2], cancel: TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], detector.Score(Clips, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("echo no model >&2; exit 3", "ended with 3: no model")]
    [InlineData("true", "wrote no scores")]
    [InlineData("echo rubbish > {scores}", "wrote no table of scores")]
    [InlineData("echo source_000000.wav,1 > {scores}", "wrote no table of scores: {scores} has no score for 2 of 3 clips")]
    [InlineData("printf '\\033[31mred\\rx' > {scores}", "{scores}, line 1: '?[31mred' is not NAME,SCORE")]
    [InlineData("mkdir {scores}", "wrote no scores")]
    [InlineData("printf 'a\\033b\\200' >&2; exit 4", "ended with 4: a?b?")]
    [InlineData("sleep 60; echo {folder}", "was ended after 0.3 s")]
    public void AProgramThatFailsIsToldInOneLine(string command, string reason)
    {
        var clock = Stopwatch.StartNew();
        using var detector = new CommandDetector(command, command.StartsWith("sleep", StringComparison.Ordinal) ? TimeSpan.FromSeconds(0.3) : TimeSpan.FromMinutes(1));
        detector.Fit(Clips, cancel: TestContext.Current.CancellationToken);
        Refused(reason, () => detector.Score(Clips, TestContext.Current.CancellationToken));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Theory]
    [InlineData("svm")]
    [InlineData("autoencoder:3")]
    [InlineData("csv")]
    [InlineData("onnx:")]
    public void OtherDetectorsAreRefused(string name) => Refused($"--detector {name}: give one of autoencoder, mahalanobis,", () => DetectorKind.Parse(name));

    [Fact]
    public void UnknownEmbeddingsAreRefused() => Refused("there is no embedding 'vggish'", () => DetectorKind.Parse("knn:vggish").Create(embeddings: _ => null));

    private static void Refused(string reason, Action action)
    {
        var message = Assert.Throws<BadInputException>(action).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    private OnnxDetector Onnx(string operation, int[] shape, int elementType = 1)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():n}.onnx");
        OnnxFile.Write(path, operation, shape, elementType);
        return OnnxDetector.Load(path);
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

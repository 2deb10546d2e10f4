using MimiiGen.Audio;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Scoring;

namespace MimiiGen.Tests.Evaluation.Scoring;

public sealed class CopySearchTests : IDisposable
{
    private readonly ClipFolders folders = new();

    public void Dispose() => folders.Dispose();

    [Fact]
    public void AShiftedCopyIsListedAndOtherClipsAreNot()
    {
        ClipFolders.Fill(folders.Real, 6, 1);
        ClipFolders.Fill(folders.Generated, 3, 21);
        var original = WavFile.Read(Path.Combine(folders.Real, "0002.wav")).Channel(0);
        ClipFolders.Write(folders.Generated, "copy.wav", [.. original[800..].ToArray().Select(s => 0.7f * s), .. new float[800]]);
        using var embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));

        var result = new CopySearch(embedder, new ScoreOptions { CacheFolder = folders.Cache }).Run(folders.Real, folders.Generated, stop: TestContext.Current.CancellationToken);

        var copy = Assert.Single(result.Copies);
        Assert.Equal(("copy.wav", "0002.wav"), (copy.Clip, copy.BestFit));
        Assert.Equal(-0.05, copy.ShiftSeconds, 1e-9);
        Assert.InRange(copy.Correlation, 0.9, 1);
        Assert.Equal(4, result.Matches.Count);
        Assert.InRange(result.RealCorrelation.Estimate, 0, 0.3);
        Assert.Throws<BadInputException>(() => new CopySearch(embedder, new ScoreOptions { CacheFolder = folders.Cache }).Run(SingleClip(), folders.Generated));
    }

    private string SingleClip() => ClipFolders.Fill(Path.Combine(folders.Real, "one"), 1, 5);
}

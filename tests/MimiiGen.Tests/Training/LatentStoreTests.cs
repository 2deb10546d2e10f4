using MimiiGen.Datasets;
using MimiiGen.Generation;
using MimiiGen.Training;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class LatentStoreTests : IDisposable
{
    private readonly TinyRecordings recordings = new();
    private readonly string root = Directory.CreateTempSubdirectory("latents").FullName;

    public void Dispose()
    {
        recordings.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData(2.5, 3, true, true)]
    [InlineData(2.5, 1, true, false)]
    [InlineData(2.5, 0.2, false, false)]
    public void TexturesAreKeptAsFarAsAllClipsHaveThem(double one, double other, bool spectra, bool variations)
    {
        var texture = Encode(one, other).TextureOf(0);

        Assert.Equal((spectra, variations), (texture is not null, texture?.Variation is not null));
    }

    [Fact]
    public void AStoreMadeFromAnotherKeepsItsTextures()
    {
        var whole = Encode(2.5, 3);
        LatentStore.Derive(root, Path.Combine(root, "derived"), (i, metadata) => i == 1 ? metadata : null, metadata => metadata.ConditionKey);

        using var derived = LatentStore.Read(Path.Combine(root, "derived"));
        Assert.Equal(whole.TextureOf(1)!.Spectrum, derived.Levels.TextureOf(0)!.Spectrum);
        Assert.Equal(whole.TextureOf(1)!.Variation, derived.Levels.TextureOf(0)!.Variation);
    }

    /// <summary>Two recordings of so many seconds, encoded as four rows.</summary>
    private ConditionLevels Encode(params double[] seconds)
    {
        string[] names = [.. seconds.Select((s, i) => recordings.Write("normal", $"{80 + i:00000000}", TinyRecordings.Sound(i, s)))];
        recordings.WriteSplit(["file_name,split"]);
        var clips = DatasetReader.Read(recordings.Folder, layoutName: "mimii").Clips.Where(c => names.Any(n => c.Path.EndsWith(n, StringComparison.Ordinal))).ToArray();
        LatentStore.Encode(root, samples => tensor(samples[..2400]).reshape(4, -1), TinyRecordings.SampleRate, clips, warn: null, progress: null, stop: default);
        using var store = LatentStore.Read(root);
        return store.Levels;
    }
}

using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

public sealed class EfficientAtTests : IDisposable
{
    private const double Tolerance = 2e-4;

    private readonly SoundEmbedder embedder = SoundEmbedder.Load(RepositoryFolder.Of("models/efficientat-mn04"));

    public static TheoryData<string> Clips =>
        [.. GoldenFile.Json("embeddings/efficientat.json").GetProperty("clips_channel_0_10s").EnumerateObject().Select(p => p.Name)];

    public void Dispose() => embedder.Dispose();

    [Fact]
    public void NamesAndShapesAreThePublishedOnes()
    {
        using var network = new EfficientAt();
        var expected = GoldenFile.Json("embeddings/efficientat.json").GetProperty("state_dict_names_and_shapes");
        var state = network.state_dict();

        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        foreach (var entry in expected.EnumerateObject())
            Assert.Equal(entry.Value.EnumerateArray().Select(v => v.GetInt64()), state[entry.Name].shape);
    }

    [Theory]
    [MemberData(nameof(Clips))]
    public void EmbeddingsAndLogitsEqualTheReference(string clip)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("embeddings/efficientat.safetensors");
        var name = clip.Replace(".wav", "", StringComparison.Ordinal).Replace('/', '_');

        using var embeddings = Embed(Samples.Clip(clip));

        GoldenFile.AssertClose(golden[$"{name}.embedding"], embeddings.Embeddings[0], Tolerance, "embedding");
        GoldenFile.AssertClose(golden[$"{name}.logits"], embeddings.Logits[0], Tolerance, "logits");
    }

    [Fact]
    public void PicturesAndFeatureMapsEqualTheReference()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = new EfficientAt();
        network.load_state_dict(SafeTensors.Read(Path.Combine(RepositoryFolder.Of("models/efficientat-mn04"), "mn04_as.safetensors")));
        network.eval();
        var golden = GoldenFile.Tensors("embeddings/efficientat.safetensors");
        const string clip = "0_dB_fan_fan_id_00_normal_00000000";
        var samples = KaiserResampler.KaiserBest.Resample(Samples.Clip("0_dB_fan/fan/id_00/normal/00000000.wav").Channel(0), 16000, 32000);
        GoldenFile.AssertClose(golden[$"{clip}.resampled_32k_samples_32000_63999"], tensor(samples[32000..64000]), 1e-6, "resampled");

        var picture = LogMel.EfficientAt().Compute(samples).T.unsqueeze(0).unsqueeze(0); // (1, 1, 128, 1000)

        GoldenFile.AssertClose(golden[$"{clip}.mel_every_8th_band_every_20th_frame"], Strided(picture[0, 0], 8, 20), Tolerance, "mel");
        var layer = 0;
        foreach (var map in network.FeatureMaps(picture))
        {
            var strided = Strided(map[0], 4, 16).index_select(0, arange(0, map.shape[1], 4));
            GoldenFile.AssertClose(golden[$"{clip}.features.{layer}.every_4th_channel_4th_band_16th_frame"], strided, Tolerance, $"features.{layer}");
            layer++;
        }

        Assert.Equal(17, layer);
    }

    [Fact]
    public void ShortClipsAndSilence()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("embeddings/efficientat.safetensors");
        var second = Waveform.Mono(Samples.Clip("0_dB_fan/fan/id_00/normal/00000000.wav").Channel(0)[..16000], 16000);
        var silence = Waveform.Mono(new float[32000], 32000);

        using var embeddings = Embed(second, silence);

        GoldenFile.AssertClose(golden["first_second_of_the_first_clip.embedding"], embeddings.Embeddings[0], Tolerance, "embedding of a second");
        GoldenFile.AssertClose(golden["first_second_of_the_first_clip.logits"], embeddings.Logits[0], Tolerance, "logits of a second");
        GoldenFile.AssertClose(golden["silence_1s.logits"], embeddings.Logits[1], Tolerance, "logits of silence");
    }

    [Fact]
    public void UnusableClipsAreNamed()
    {
        Assert.Throws<BadInputException>(() => Embed());
        Assert.StartsWith("clip 1 of 1, at 32000 Hz, has 200 samples", Assert.Throws<BadInputException>(() => Embed(Waveform.Mono(new float[100], 16000))).Message);
        Assert.StartsWith("clip 2 of 2, at 32000 Hz, has 32000 samples that are NaN", Assert.Throws<BadInputException>(() => Embed(Waveform.Mono(new float[16000], 16000), Waveform.Mono([.. Enumerable.Repeat(float.NaN, 16000)], 16000))).Message);
    }

    private ClipEmbeddings Embed(params Waveform[] clips) => embedder.Embed(clips, cancel: TestContext.Current.CancellationToken);

    private static Tensor Strided(Tensor map, int bands, int frames) =>
        map.index_select(-2, arange(0, map.shape[^2], bands)).index_select(-1, arange(0, map.shape[^1], frames));
}

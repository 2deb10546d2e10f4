using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Embedding;
using MimiiGen.Evaluation.Scoring;
using MimiiGen.Experiments.Arms;
using MimiiGen.Hub;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Measuring;

/// <summary>The CLAP score: the cosine between a clip and the full caption of the real one it is for, whatever its request told; there only where CLAP has been pulled.</summary>
internal sealed class CaptionMeasure : IDisposable
{
    private readonly IClipEmbedder? embedder;
    private readonly ClipReader? reader;

    public CaptionMeasure(StudyData data, string cacheFolder)
    {
        try
        {
            embedder = EmbeddingModel.Load("clap", null, new HubCache(new HubSettings().CacheFolder));
            reader = new ClipReader(embedder, cacheFolder);
        }
        catch (BadInputException)
        {
            data.Note("the CLAP score is left out: its model has not been pulled (mimiigen models pull laion/clap-htsat-unfused)");
        }
    }

    public IEnumerable<Measure> Of(MadeClips made, int seed, CancellationToken stop)
    {
        if (reader is null) yield break;
        using var scope = NewDisposeScope();
        using var clips = reader.Read(made.Folder, [.. made.Files], "generated", null, stop);
        var captions = ((ICaptionEmbedder)embedder!).EmbedCaptions([.. made.Real.Select(c => Captions.CaptionTemplate.Write(c.Clip.Metadata))]).to(ScalarType.Float64); // (clips, dimensions)
        var cosines = (captions * nn.functional.normalize(clips.Means, 2, 1)).sum(1).data<double>().ToArray();
        yield return Measure.Of(Metric.CaptionScore, Bootstrap.Of([cosines], drawn => drawn[0].Average(), seed));
    }

    public void Dispose() => embedder?.Dispose();
}

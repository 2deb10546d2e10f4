using MimiiGen.Datasets;
using MimiiGen.Evaluation.Embedding;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>The CLAP score: the cosine between a generated clip's embedding and that of the caption it was made for; mean over clips, interval by bootstrap over clips.</summary>
internal static class CaptionScores
{
    public static void Add(ScoredSet generated, ICaptionEmbedder embedder, ScoreOptions options, ScoreSheet sheet)
    {
        using var scope = NewDisposeScope();
        var table = CsvTable.Read(options.Captions!);
        var (file, caption) = (table.Need("file_name"), table.Need("caption"));
        var places = generated.Clips.Select((clip, i) => (Name: clip.Name.Replace('\\', '/'), i)).ToDictionary(p => p.Name, p => (long)p.i, StringComparer.Ordinal);
        long[] clips = [.. table.Rows.Select(row => places.TryGetValue(row.Fields[file].Replace('\\', '/'), out var place)
            ? place : throw table.Refuse(row, file, "the path of a WAV file below the generated folder"))];
        if (clips.Length == 0) throw new BadInputException($"{options.Captions}: there are no captions in it");
        var texts = embedder.EmbedCaptions([.. table.Rows.Select(row => row.Fields[caption])]).to(ScalarType.Float64); // (captions, dimensions)
        var sounds = nn.functional.normalize(generated.Means.index_select(0, tensor(clips)), 2, 1);
        var cosines = (texts * sounds).sum(1).data<double>().ToArray();
        var interval = Bootstrap.Of([cosines], drawn => drawn[0].Average(), options.Seed);
        var basis = new ScoreBasis([], [.. clips.Distinct().Select(i => generated.Clips[(int)i])]);
        sheet.OfEmbeddings("CLAP score, caption against clip", interval.Estimate, [interval.Low, interval.High], "as of real clips", basis: basis);
    }
}

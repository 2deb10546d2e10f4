using MimiiGen.Datasets;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Evaluation.Agreement;

/// <summary>Detection by domain and by type of fault, where a machine's test clips have several.</summary>
internal static class ConditionTable
{
    /// <summary>A clip's score with what is known of it.</summary>
    public readonly record struct Scored(ClipMetadata Metadata, double Score);

    public static IReadOnlyList<ConditionResult> Of(IReadOnlyList<Scored> realNormals, IReadOnlyList<Scored> realAnomalies, IReadOnlyList<Scored> madeNormals, IReadOnlyList<Scored> madeAnomalies, int seed)
    {
        var rows = new List<ConditionResult>();
        foreach (var domain in Several(realNormals, c => c.Domain)) Add("domain", domain, normal => normal.Domain == domain, _ => true);
        foreach (var fault in Several(realAnomalies, c => c.AnomalyType)) Add("fault", fault, _ => true, anomaly => anomaly.AnomalyType == fault);
        return rows;

        void Add(string kind, string name, Func<ClipMetadata, bool> normal, Func<ClipMetadata, bool> anomaly)
        {
            double[] rn = Scores(realNormals, normal), ra = Scores(realAnomalies, anomaly), gn = Scores(madeNormals, normal), ga = Scores(madeAnomalies, anomaly);
            rows.Add(new ConditionResult
            {
                Kind = kind,
                Name = name,
                Normals = rn.Length,
                Anomalies = ra.Length,
                Real = Bootstrap.Auc(rn, ra, seed),
                Generated = Bootstrap.Auc(gn, ga, seed),
                Mixed = Bootstrap.Auc(rn, ga, seed),
            });
        }
    }

    private static double[] Scores(IReadOnlyList<Scored> clips, Func<ClipMetadata, bool> such) => [.. clips.Where(c => such(c.Metadata)).Select(c => c.Score)];

    private static string[] Several(IReadOnlyList<Scored> clips, Func<ClipMetadata, string?> of) =>
        clips.Select(c => of(c.Metadata)).Distinct().Count() < 2 ? [] : [.. clips.Select(c => of(c.Metadata)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
}

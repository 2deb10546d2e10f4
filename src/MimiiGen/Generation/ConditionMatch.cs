using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>Finds the training condition that a request is about, since a clip's levels are drawn from one.</summary>
internal static class ConditionMatch
{
    /// <summary>The condition, and whether it is the very one that was asked for.</summary>
    public static (int Index, bool Exact) Find(IReadOnlyList<KnownCondition> conditions, string caption, ClipMetadata? metadata)
    {
        for (var i = 0; i < conditions.Count; i++)
            if (metadata is null ? conditions[i].Caption == caption : conditions[i].Metadata.ConditionKey == metadata.ConditionKey)
                return (i, true);
        return (Nearest(conditions, caption)[0], false);
    }

    /// <summary>The conditions by the likeness of their captions to a caption, the nearest first.</summary>
    public static IReadOnlyList<int> Nearest(IReadOnlyList<KnownCondition> conditions, string caption)
    {
        var wanted = Words(caption);
        return [.. Enumerable.Range(0, conditions.Count).OrderByDescending(i => Likeness(wanted, Words(conditions[i].Caption)))];
    }

    /// <summary>Shared words over all words (Jaccard), so that a missing "anomaly" counts as much as a strange one.</summary>
    private static double Likeness(HashSet<string> a, HashSet<string> b) => (double)a.Intersect(b).Count() / a.Union(b).Count();

    private static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split([' ', ',', '.', ';', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries)];
}

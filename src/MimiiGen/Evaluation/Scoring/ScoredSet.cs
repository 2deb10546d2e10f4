using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Scoring;

/// <summary>One side of a comparison: its clips, and their embeddings as the distances take them. Disposing frees the clips too.</summary>
public sealed class ScoredSet : IDisposable
{
    private readonly long[] firstRow; // of each clip, and behind the last

    /// <summary>Gathers clips of one embedding model.</summary>
    /// <param name="side">What it is called in messages: real, generated.</param>
    /// <param name="clips">At least one.</param>
    public ScoredSet(string side, IReadOnlyList<ScoredClip> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        Side = side;
        Clips = clips;
        firstRow = [0, .. clips.Select(c => c.Embedding.Rows.shape[0])];
        for (var i = 1; i < firstRow.Length; i++) firstRow[i] += firstRow[i - 1];
        using var scope = NewDisposeScope();
        Rows = cat([.. clips.Select(c => c.Embedding.Rows)], 0).to(ScalarType.Float64).DetachFromDisposeScope();
        Means = stack(clips.Select(c => c.Embedding.Rows.mean([0L], type: ScalarType.Float64)), 0).DetachFromDisposeScope();
        if (clips.All(c => c.Embedding.Logits is not null)) Logits = stack(clips.Select(c => c.Embedding.Logits!), 0).to(ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>What it is called in messages.</summary>
    public string Side { get; }

    /// <summary>The clips.</summary>
    public IReadOnlyList<ScoredClip> Clips { get; }

    /// <summary>(windows of all clips, dimensions), float64: what the Fréchet and kernel distances compare.</summary>
    public Tensor Rows { get; }

    /// <summary>(clips, dimensions), float64: each clip's mean over its windows, where a clip is one item.</summary>
    public Tensor Means { get; }

    /// <summary>(clips, classes), float64; null for a model that names no classes.</summary>
    public Tensor? Logits { get; }

    /// <summary>Seconds of sound.</summary>
    public double Seconds => Clips.Sum(c => c.Facts.Seconds);

    /// <summary>The windows of some clips, clip by clip.</summary>
    /// <param name="clips">Numbers of clips; one may occur several times.</param>
    /// <returns>(windows, dimensions), float64.</returns>
    public Tensor RowsOf(IReadOnlyList<int> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        using var indices = tensor(clips.SelectMany(c => Enumerable.Range((int)firstRow[c], (int)(firstRow[c + 1] - firstRow[c])).Select(r => (long)r)).ToArray());
        return Rows.index_select(0, indices);
    }

    /// <summary>Which window belongs to which clip: (clips, windows), float64, ones and zeros.</summary>
    public Tensor Membership()
    {
        using var scope = NewDisposeScope();
        long[] owner = [.. Enumerable.Range(0, Clips.Count).SelectMany(c => Enumerable.Repeat((long)c, (int)(firstRow[c + 1] - firstRow[c])))];
        return nn.functional.one_hot(tensor(owner), Clips.Count).to(ScalarType.Float64).t().contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        Means.Dispose();
        Logits?.Dispose();
        foreach (var clip in Clips) clip.Dispose();
    }
}

using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// What one decoder block keeps between steps: keys and values of the tokens so far, which grow, and of the encoder's states, which are
/// computed once. Each is (rows, heads, tokens, d_kv). Owns its tensors.
/// </summary>
internal sealed class T5Memory : IDisposable
{
    private (Tensor Keys, Tensor Values)? past;
    private (Tensor Keys, Tensor Values)? source;

    /// <summary>Tokens so far.</summary>
    public int Length => (int)(past?.Keys.shape[2] ?? 0);

    /// <summary>Keeps the keys and values of new tokens, the first of which has that <paramref name="place"/>, and gives those of all tokens.</summary>
    public (Tensor Keys, Tensor Values) Append((Tensor Keys, Tensor Values) fresh, int place)
    {
        var all = past is { } old ? (Joined(old.Keys, fresh.Keys), Joined(old.Values, fresh.Values)) : fresh;
        return Replace(ref past, all);

        Tensor Joined(Tensor old, Tensor fresh) => cat([old.narrow(2, 0, place), fresh], 2);
    }

    /// <summary>Keys and values of the encoder's states, computed at the first call, and again if another type is asked for.</summary>
    public (Tensor Keys, Tensor Values) Source(Func<(Tensor Keys, Tensor Values)> project, ScalarType type) =>
        source is { } kept && kept.Keys.dtype == type ? kept : Replace(ref source, project());

    /// <summary>Goes on with other rows, as beams do; the encoder's states stay, since beams stay with their text.</summary>
    public void Reorder(Tensor rows)
    {
        using var scope = NewDisposeScope();
        if (past is { } old) Replace(ref past, (old.Keys.index_select(0, rows), old.Values.index_select(0, rows)));
    }

    public void Dispose()
    {
        foreach (var pair in new[] { past, source })
        {
            pair?.Keys.Dispose();
            pair?.Values.Dispose();
        }
    }

    private static (Tensor Keys, Tensor Values) Replace(ref (Tensor Keys, Tensor Values)? kept, (Tensor Keys, Tensor Values) value)
    {
        kept?.Keys.Dispose();
        kept?.Values.Dispose();
        kept = (value.Keys.DetachFromDisposeScope(), value.Values.DetachFromDisposeScope());
        return kept.Value;
    }
}

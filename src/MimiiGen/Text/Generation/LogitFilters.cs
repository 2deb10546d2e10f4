namespace MimiiGen.Text;

/// <summary>What generation options do to the logits of the next token: in place, minus infinity takes a token out.</summary>
internal static class LogitFilters
{
    /// <summary>The filters that hold for every search, in the published order.</summary>
    public static void Apply(Span<float> logits, IReadOnlyList<long> text, GenerationOptions options, long eos)
    {
        Repetition(logits, text, (float)options.RepetitionPenalty);
        RepeatedNgrams(logits, text, options.NoRepeatNgramSize);
        if (text.Count < options.MinLength || text.Count - 1 < options.MinNewTokens) logits[(int)eos] = float.NegativeInfinity;
    }

    /// <summary>The filters before a draw.</summary>
    public static void ApplyBeforeDraw(Span<float> logits, GenerationOptions options)
    {
        Temperature(logits, (float)options.Temperature);
        TopK(logits, options.TopK);
        TopP(logits, options.TopP);
    }

    public static void Repetition(Span<float> logits, IReadOnlyList<long> text, float penalty)
    {
        if (penalty == 1) return;
        foreach (var token in text.Distinct())
        {
            ref var logit = ref logits[(int)token];
            logit = logit < 0 ? logit * penalty : logit / penalty;
        }
    }

    public static void RepeatedNgrams(Span<float> logits, IReadOnlyList<long> text, int size)
    {
        if (size == 0) return;
        for (var start = 0; start + size <= text.Count; start++)
        {
            var matched = 0;
            while (matched < size - 1 && text[start + matched] == text[text.Count - size + 1 + matched]) matched++;
            if (matched == size - 1) logits[(int)text[start + matched]] = float.NegativeInfinity;
        }
    }

    public static void Temperature(Span<float> logits, float temperature)
    {
        foreach (ref var logit in logits) logit /= temperature;
    }

    public static void TopK(Span<float> logits, int k)
    {
        if (k == 0 || k >= logits.Length) return;
        var sorted = logits.ToArray();
        Array.Sort(sorted);
        var least = sorted[^k];
        foreach (ref var logit in logits)
            if (logit < least)
                logit = float.NegativeInfinity;
    }

    public static void TopP(Span<float> logits, double p)
    {
        if (p >= 1) return;
        var values = logits.ToArray();
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var largest = values[order[^1]];
        var total = values.Sum(value => Math.Exp(value - largest));
        var below = 0.0;
        foreach (var i in order[..^1])
        {
            below += Math.Exp(values[i] - largest) / total;
            if (below > 1 - p) break;
            logits[i] = float.NegativeInfinity;
        }
    }
}

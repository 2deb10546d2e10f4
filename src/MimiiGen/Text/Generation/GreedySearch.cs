namespace MimiiGen.Text;

/// <summary>Writes one text a row: the likeliest token each time, or a drawn one. A row's draws have a seed of their own: the options' + its index.</summary>
internal static class GreedySearch
{
    public static IReadOnlyList<GeneratedSequence> Run(T5Decoding decoding, GenerationOptions options, T5Config config)
    {
        var rows = Enumerable.Range(0, decoding.Rows).Select(i => new Row(config.DecoderStartTokenId, options.DoSample ? new Random(options.Seed + i) : null)).ToArray();
        while (rows[0].Text.Count < options.MaxLength && rows.Any(row => !row.IsFinished))
        {
            var logits = decoding.Next(rows.Select(row => row.Text[^1]), asLogProbabilities: false);
            for (var i = 0; i < rows.Length; i++)
                rows[i].Continue(logits.AsSpan(i * config.VocabSize, config.VocabSize), options, config);
        }

        return [.. rows.Select(row => row.Result(options))];
    }

    private sealed class Row(long start, Random? random)
    {
        private double logProbability;
        private int length;

        public List<long> Text { get; } = [start];

        public bool IsFinished { get; private set; }

        public void Continue(Span<float> logits, GenerationOptions options, T5Config config)
        {
            if (IsFinished)
            {
                Text.Add(config.PadTokenId);
                return;
            }

            LogitFilters.Apply(logits, Text, options, config.EosTokenId);
            if (random is not null) LogitFilters.ApplyBeforeDraw(logits, options);
            var largest = logits[LargestOf(logits)];
            var total = 0.0;
            foreach (var logit in logits) total += Math.Exp(logit - largest);
            var token = random is null ? LargestOf(logits) : Draw(logits, largest, total * random.NextDouble());
            logProbability += logits[token] - largest - Math.Log(total);
            Text.Add(token);
            length = Text.Count;
            IsFinished = token == config.EosTokenId;
        }

        public GeneratedSequence Result(GenerationOptions options) =>
            new(Text[..length], logProbability / Math.Pow(length - 1, options.LengthPenalty));

        private static int LargestOf(ReadOnlySpan<float> logits)
        {
            var best = 0;
            for (var i = 1; i < logits.Length; i++)
                if (logits[i] > logits[best])
                    best = i;
            return best;
        }

        /// <summary>The token in which a point between 0 and the sum of all exp(logit - largest) falls.</summary>
        private static int Draw(ReadOnlySpan<float> logits, float largest, double point)
        {
            var token = LargestOf(logits);
            for (var i = 0; i < logits.Length; i++)
            {
                if (float.IsNegativeInfinity(logits[i])) continue;
                token = i;
                point -= Math.Exp(logits[i] - largest);
                if (point < 0) break;
            }

            return token;
        }
    }
}

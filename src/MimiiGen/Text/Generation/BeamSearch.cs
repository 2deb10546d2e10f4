namespace MimiiGen.Text;

/// <summary>
/// Beam search as transformers does it: each step looks at the 2 B best continuations of a text's B beams. Of those that end, the ones among
/// the first B are finished texts; the best B that go on are the next beams. A text is done when its best beam can't displace a finished one.
/// </summary>
internal static class BeamSearch
{
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Run(T5Decoding decoding, GenerationOptions options, T5Config config)
    {
        var items = Enumerable.Range(0, decoding.Rows / options.NumBeams).Select(i => new Item(i * options.NumBeams, options, config)).ToArray();
        for (var length = 1; length < options.MaxLength && items.Any(item => !item.IsDone); length++)
        {
            var logProbabilities = decoding.Next(items.SelectMany(item => item.Beams).Select(beam => beam.Text[^1]), asLogProbabilities: true);
            foreach (var item in items) item.Continue(logProbabilities);
            decoding.Reorder(items.SelectMany(item => item.Beams).Select(beam => (long)beam.Row));
        }

        return [.. items.Select(item => item.Finished)];
    }

    /// <summary>A text on its way: its log probability, and the row of the batch it continues.</summary>
    private sealed record Beam(IReadOnlyList<long> Text, float Score, int Row);

    private sealed class Item
    {
        // so low that a start's copies never win over continuations of the start itself
        private const float Never = -1e9f;

        private readonly int firstRow;
        private readonly GenerationOptions options;
        private readonly T5Config config;
        private List<GeneratedSequence> finished = [];

        public Item(int firstRow, GenerationOptions options, T5Config config)
        {
            this.firstRow = firstRow;
            this.options = options;
            this.config = config;
            Beams = [.. Enumerable.Range(0, options.NumBeams).Select(i => new Beam([config.DecoderStartTokenId], i == 0 ? 0 : Never, firstRow + i))];
        }

        public IReadOnlyList<Beam> Beams { get; private set; }

        public IReadOnlyList<GeneratedSequence> Finished => finished;

        public bool IsDone { get; private set; }

        public void Continue(float[] logProbabilities)
        {
            if (IsDone)
            {
                Beams = [.. Beams.Select((beam, i) => beam with { Row = firstRow + i })];
                return;
            }

            var candidates = BestContinuations(logProbabilities);
            var generated = Beams[0].Text.Count; // of the candidates, the start not counted
            var isLast = generated + 1 == options.MaxLength;
            var ends = candidates.Take(options.NumBeams).Where(candidate => isLast || Ends(candidate))
                .Select(candidate => new GeneratedSequence(candidate.Text, Normalized(candidate.Score, generated)));
            finished = [.. finished.Concat(ends).OrderByDescending(sequence => sequence.Score).Take(options.NumBeams)];
            Beams = [.. candidates.Where(candidate => !Ends(candidate)).Take(options.NumBeams)];
            IsDone = finished.Count == options.NumBeams && (options.EarlyStopping || Normalized(Beams[0].Score, generated) <= finished[^1].Score);
        }

        private bool Ends(Beam beam) => beam.Text[^1] == config.EosTokenId;

        private double Normalized(float score, int generated) => score / Math.Pow(generated, options.LengthPenalty);

        /// <summary>The 2 B likeliest continuations of all beams, best first.</summary>
        private List<Beam> BestContinuations(float[] logProbabilities)
        {
            var best = new PriorityQueue<(int Beam, int Token), float>();
            for (var b = 0; b < Beams.Count; b++)
            {
                var row = logProbabilities.AsSpan((firstRow + b) * config.VocabSize, config.VocabSize);
                LogitFilters.Apply(row, Beams[b].Text, options, config.EosTokenId);
                for (var token = 0; token < row.Length; token++)
                {
                    var score = Beams[b].Score + row[token];
                    if (best.Count < 2 * options.NumBeams) best.Enqueue((b, token), score);
                    else if (best.TryPeek(out _, out var least) && score > least) best.EnqueueDequeue((b, token), score);
                }
            }

            var worstFirst = new List<Beam>();
            while (best.TryDequeue(out var at, out var score))
                worstFirst.Add(new Beam([.. Beams[at.Beam].Text, at.Token], score, firstRow + at.Beam));
            worstFirst.Reverse();
            return worstFirst;
        }
    }
}

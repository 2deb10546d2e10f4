namespace MimiiGen.Text;

/// <summary>How a text is generated; names and meanings are those of transformers' generation config.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens, the start token included, at least 2.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>The text doesn't end before it has this many tokens, the start token included.</summary>
    public int MinLength { get; init; }

    /// <summary>The text doesn't end before it has this many tokens, the start token not counted.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>Texts that are followed at a time, at least 1; with 1 the likeliest token is taken each time, or one is drawn.</summary>
    public int NumBeams { get; init; } = 1;

    /// <summary>Beams are ranked by their log probability over their length to this power: above 0 favours long texts.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>Whether beam search ends as soon as it has <see cref="NumBeams"/> finished texts, even if a better one may follow.</summary>
    public bool EarlyStopping { get; init; }

    /// <summary>No run of this many tokens occurs twice; 0 allows all.</summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>Tokens that are in the text already lose likelihood by this factor, above 0 (arXiv 1909.05858); 1 changes nothing.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Whether tokens are drawn by their probabilities, rather than the likeliest taken.</summary>
    public bool DoSample { get; init; }

    /// <summary>Logits are divided by this before a draw, above 0: below 1 for likelier texts.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>A draw is among this many likeliest tokens; 0 allows all.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>A draw is among the likeliest tokens whose probabilities together reach this, above 0 up to 1 (arXiv 1904.09751).</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the draws.</summary>
    public int Seed { get; init; }

    /// <exception cref="BadInputException">An option is out of its range.</exception>
    internal void Check()
    {
        static void Require(bool holds, string what)
        {
            if (!holds) throw new BadInputException($"text generation: {what}");
        }

        Require(MaxLength >= 2, $"max length {MaxLength} leaves no room for a text; use 2 or more");
        Require(NumBeams >= 1, $"{NumBeams} beams; use 1 or more");
        Require(NumBeams == 1 || !DoSample, "beams are followed without drawing; use 1 beam to draw");
        Require(NoRepeatNgramSize >= 0, $"no-repeat n-gram size {NoRepeatNgramSize}; use 0 (off) or more");
        Require(RepetitionPenalty > 0, $"repetition penalty {RepetitionPenalty}; use a number above 0");
        Require(Temperature > 0, $"temperature {Temperature}; use a number above 0");
        Require(TopK >= 0, $"top-k {TopK}; use 0 (off) or more");
        Require(TopP is > 0 and <= 1, $"top-p {TopP}; use a number above 0 up to 1");
    }
}

namespace MimiiGen.Text;

/// <summary>How a language model is asked for captions.</summary>
public static class SentenceWriting
{
    private static readonly GenerationOptions Drawn = new() { DoSample = true, TopP = 0.9, TopK = 0, Temperature = 0.7, NoRepeatNgramSize = 4, MaxLength = 128 };

    /// <summary>A sentence drawn from the likelier ones; the same prompt and seed give the same one.</summary>
    public static string Sentence(this TextGenerator generator, string prompt, int seed)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return generator.Generate(prompt, Drawn with { Seed = seed });
    }
}

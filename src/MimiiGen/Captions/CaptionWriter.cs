using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>Writes a sentence as a language model does: the same prompt and seed give the same one.</summary>
public delegate string SentenceModel(string prompt, int seed);

/// <summary>
/// Captions by a language model, several for one clip where training wants variety. Each sentence is held against the metadata
/// (<see cref="CaptionCheck"/>); one that loses a fact is written anew, and after the last attempt the template takes its place.
/// </summary>
/// <param name="model">Writes sentences.</param>
/// <param name="seed">Of the model's draws.</param>
public sealed class CaptionWriter(SentenceModel model, ulong seed)
{
    /// <summary>Sentences that are tried for one caption.</summary>
    public const int Attempts = 6;

    // in the forms of the data-to-text and paraphrase tasks that Flan-T5 was tuned on
    private static readonly Func<ClipMetadata, string>[] Prompts =
    [
        metadata => $"{MetadataText.Write(metadata)}\n\nWrite one sentence that tells all of this data about the sound of a machine.",
        metadata => $"Paraphrase this sentence and keep all names, numbers and units: {CaptionTemplate.Write(metadata)}",
        metadata => $"Attributes: {MetadataText.Write(metadata)}. Produce a detailed sentence about this machine.",
    ];

    /// <summary>One caption that was asked for.</summary>
    /// <param name="Text">The sentence.</param>
    /// <param name="IsModels">Whether the model wrote it; else the template.</param>
    /// <param name="Refused">Sentences of the model that lost or made up a fact, or said what another caption of the clip says already.</param>
    public sealed record Written(string Text, bool IsModels, int Refused);

    /// <summary>Captions of one clip, no two alike but where the template had to help out.</summary>
    /// <param name="metadata">What to tell.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<Written> Write(ClipMetadata metadata, int count)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var template = CaptionTemplate.Write(metadata);
        var captions = new List<Written>();
        while (captions.Count < count) captions.Add(WriteOne(metadata, captions, template));
        return captions;
    }

    private Written WriteOne(ClipMetadata metadata, List<Written> before, string template)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var number = (before.Count * Attempts) + attempt;
            var sentence = OpenConditions.Plain(model(Prompts[number % Prompts.Length](metadata), SeedOf(metadata, number)));
            var isNew = before.TrueForAll(b => !b.Text.Equals(sentence, StringComparison.OrdinalIgnoreCase));
            if (isNew && CaptionCheck.Problems(metadata, sentence).Count == 0) return new Written(sentence, IsModels: true, attempt);
        }

        return new Written(template, IsModels: false, Attempts);
    }

    /// <summary>Equal conditions draw alike, in whatever dataset they stand.</summary>
    private int SeedOf(ClipMetadata metadata, int number)
    {
        var hash = 0xCBF29CE484222325UL ^ seed;
        foreach (var letter in metadata.ConditionKey) hash = (hash ^ letter) * 0x100000001B3UL;
        return (int)((hash + (ulong)number) & 0x3FFFFFFF);
    }
}

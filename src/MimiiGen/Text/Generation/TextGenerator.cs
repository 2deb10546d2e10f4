using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>Texts to texts: a tokenizer and a T5 model.</summary>
/// <param name="tokenizer">The tokenizer the model was trained with.</param>
/// <param name="model">The model; it is put into evaluation mode, and freed with this.</param>
/// <param name="maxTokens">Longest text that is read, in tokens; longer ones are cut.</param>
/// <param name="warn">Told of each text that is cut.</param>
public sealed class TextGenerator(ITokenizer tokenizer, T5ForConditionalGeneration model, int maxTokens = 512, Action<string>? warn = null) : IDisposable
{
    /// <summary>The model.</summary>
    public T5ForConditionalGeneration Model => model;

    /// <summary>Loads the model and the tokenizer of a published model's folder: <c>config.json</c>, weights, and <c>spiece.model</c> unless it is a ByT5.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public static TextGenerator FromPretrained(string folder, int maxTokens = 512, Action<string>? warn = null)
    {
        var model = T5ForConditionalGeneration.FromPretrained(folder);
        model.Warn = warn;
        return new TextGenerator(new T5Folder(folder).Tokenizer(model.Config), model, maxTokens, warn);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => model.Dispose();

    /// <summary>The best answer to a prompt. The same prompt and options give the same answer.</summary>
    /// <exception cref="BadInputException">An option is out of its range.</exception>
    public string Generate(string prompt, GenerationOptions options)
    {
        using var scope = NewDisposeScope();
        var batch = CaptionBatch.Create(tokenizer, [prompt], maxTokens, warn, model.parameters().First().device);
        return tokenizer.Decode(Generate(batch, options)[0][0].Ids);
    }

    /// <summary>For each text of a batch its answers, best first: as many as there are beams.</summary>
    /// <exception cref="BadInputException">An option is out of its range.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedSequence>> Generate(CaptionBatch batch, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        model.eval();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var decoding = new T5Decoding(model, batch.InputIds, batch.AttentionMask, options.NumBeams);
        return options.NumBeams == 1
            ? [.. GreedySearch.Run(decoding, options, model.Config).Select(IReadOnlyList<GeneratedSequence> (sequence) => [sequence])]
            : BeamSearch.Run(decoding, options, model.Config);
    }
}

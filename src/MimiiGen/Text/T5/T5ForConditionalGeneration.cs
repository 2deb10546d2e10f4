using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// A whole T5, Flan-T5 or ByT5 model (arXiv 1910.10683): reads one text, writes another. Parameter names are those of the published checkpoints.
/// </summary>
public sealed class T5ForConditionalGeneration : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly T5Embedding shared;
    private readonly T5EncoderStack encoder;
    private readonly T5DecoderStack decoder;
    private readonly T5Linear? lm_head;

    /// <summary>A model with new weights.</summary>
    public T5ForConditionalGeneration(T5Config config)
        : base(nameof(T5ForConditionalGeneration))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        shared = new T5Embedding(config.VocabSize, config.DModel, config.InitializerFactor);
        encoder = new T5EncoderStack(config, Widened);
        decoder = new T5DecoderStack(config, Widened);
        if (!config.TieWordEmbeddings) lm_head = new T5Linear(config.DModel, config.VocabSize, config.InitializerFactor);
        RegisterComponents();

        void Widened(string name) => Warn?.Invoke(T5Precision.Widened(name));
    }

    /// <summary>The shape it was built with.</summary>
    public T5Config Config { get; }

    /// <summary>Told, in one line, of a layer that overflows in half precision and goes on in float32.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>
    /// Loads a published T5, Flan-T5 or ByT5 model from a folder of <c>config.json</c> and <c>model.safetensors</c> or
    /// <c>pytorch_model.bin</c> (whole or in shards). In evaluation mode, on the CPU.
    /// </summary>
    /// <param name="folder">Of the model.</param>
    /// <param name="type">What it computes in; float16 where it stays finite, float32 in layers where it does not.</param>
    /// <exception cref="BadInputException">A file is missing or damaged, or weights and config don't belong together.</exception>
    public static T5ForConditionalGeneration FromPretrained(string folder, ScalarType type = ScalarType.Float32)
    {
        var source = new T5Folder(folder);
        var config = source.FittingConfig();
        return source.Load(() => new T5ForConditionalGeneration(config), type, _ => false);
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> into a folder.</summary>
    public void Save(string folder) => new T5Folder(folder).Write(this, Config);

    /// <summary>
    /// The logits of each next token (batch, targets, vocabulary), given the read text (batch, tokens), its mask (batch, tokens; 0 at padding)
    /// and the written one up to each place (batch, targets), which begins with the start token.
    /// </summary>
    public override Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor decoderInputIds)
    {
        using var scope = NewDisposeScope();
        var memories = NewMemories();
        var logits = Step(decoderInputIds, Encode(inputIds, attentionMask), attentionMask, memories).MoveToOuterDisposeScope();
        foreach (var memory in memories) memory.Dispose();
        return logits;
    }

    /// <summary>The encoder's states (batch, tokens, d_model) of a text.</summary>
    internal Tensor Encode(Tensor inputIds, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        return encoder.call(shared.call(inputIds), attentionMask).MoveToOuterDisposeScope();
    }

    /// <summary>An empty memory for each block of the decoder.</summary>
    internal T5Memory[] NewMemories() => [.. Enumerable.Range(0, Config.DecoderLayers).Select(_ => new T5Memory())];

    /// <summary>The logits (rows, queries, vocabulary) behind tokens (rows, queries) that follow those in the memories.</summary>
    internal Tensor Step(Tensor tokens, Tensor states, Tensor attentionMask, IReadOnlyList<T5Memory> memories)
    {
        using var scope = NewDisposeScope();
        var x = decoder.Step(shared.call(tokens), states, attentionMask, memories); // (rows, queries, d_model)
        if (Config.ScalesDecoderOutputs) x *= Math.Pow(Config.DModel, -0.5);
        return (lm_head is null ? shared.Similarity(x) : lm_head.call(x)).MoveToOuterDisposeScope();
    }
}

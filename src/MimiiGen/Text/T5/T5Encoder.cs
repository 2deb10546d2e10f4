using MimiiGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// The encoder of a T5, Flan-T5 or ByT5 model (arXiv 1910.10683): token ids to one vector a token. Parameter names are those of the
/// published checkpoints. A new one is initialised as published (normal weights, seeded by <see cref="torch.manual_seed(long)"/>).
/// </summary>
public sealed class T5Encoder : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly T5Embedding shared;
    private readonly T5EncoderStack encoder;

    /// <summary>An encoder with new weights.</summary>
    public T5Encoder(T5Config config)
        : base(nameof(T5Encoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        shared = new T5Embedding(config.VocabSize, config.DModel, config.InitializerFactor);
        encoder = new T5EncoderStack(config, name => Warn?.Invoke(T5Precision.Widened(name)));
        RegisterComponents();
    }

    /// <summary>The shape it was built with.</summary>
    public T5Config Config { get; }

    /// <summary>Told, in one line, of a layer that overflows in half precision and goes on in float32.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>
    /// Loads the encoder of a published T5, Flan-T5 or ByT5 model, or one that <see cref="Save"/> wrote, from a folder of <c>config.json</c> and
    /// <c>model.safetensors</c> or <c>pytorch_model.bin</c> (whole or in shards). In evaluation mode, on the CPU.
    /// </summary>
    /// <param name="folder">Of the model.</param>
    /// <param name="type">What it computes in; float16 where it stays finite, float32 in layers where it does not.</param>
    /// <exception cref="BadInputException">A file is missing or damaged, or weights and config don't belong together.</exception>
    public static T5Encoder FromPretrained(string folder, ScalarType type = ScalarType.Float32)
    {
        var source = new T5Folder(folder);
        var config = source.Config();
        return source.Load(() => new T5Encoder(config), type, name => name.StartsWith("decoder.", StringComparison.Ordinal));
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> into a folder.</summary>
    public void Save(string folder) => new T5Folder(folder).Write(this, Config);

    /// <summary>Whether <see cref="EncodeEach"/> can be used: on a processor that <c>Kernels</c> serves, in 32 bits.</summary>
    internal bool EncodesEach => Config.DModel % MicroKernel.Panel == 0 && parameters().All(MicroKernel.Serves);

    /// <summary>Encodes captions of any lengths without gradients and dropout, each as if it were alone, bit for bit: (1, tokens, d_model) each.</summary>
    internal IReadOnlyList<Tensor> EncodeEach(IReadOnlyList<long[]> captions)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var bounds = new List<(int First, int Count)>();
        foreach (var ids in captions) bounds.Add((bounds.Count == 0 ? 0 : bounds[^1].First + bounds[^1].Count, ids.Length));
        var embedded = shared.call(tensor(captions.SelectMany(ids => ids).ToArray())); // (all tokens, d_model)
        var encoded = encoder.Pass(embedded, bounds); // (all tokens, d_model)
        return [.. bounds.Select(b => encoded.narrow(0, b.First, b.Count).unsqueeze(0).clone().MoveToOuterDisposeScope())];
    }

    /// <summary>
    /// Encodes token ids (batch, tokens) int64, of which those count whose place in the mask (batch, tokens) is not 0.
    /// Gives (batch, tokens, d_model); rows at padded places hold values without meaning.
    /// </summary>
    public override Tensor forward(Tensor inputIds, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var embedded = shared.call(inputIds); // (batch, tokens, d_model)
        return encoder.call(embedded, attentionMask).MoveToOuterDisposeScope(); // (batch, tokens, d_model)
    }
}

using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// A folder as T5 models are published in: <c>config.json</c>, <c>spiece.model</c> (none for ByT5), and the weights (<see cref="T5Weights"/>).
/// </summary>
internal sealed class T5Folder(string path)
{
    private const string Shared = "shared.weight";
    private const string Head = "lm_head.weight";

    // old checkpoints hold a bias that no code has ever read
    private const string Surplus = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    private static readonly string[] Aliases = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];

    public T5Config Config() => T5Config.Read(Path.Combine(path, "config.json"));

    public ITokenizer Tokenizer(T5Config config) =>
        config.VocabSize == ByteTokenizer.VocabSize ? new ByteTokenizer() : SentencePieceTokenizer.Read(Path.Combine(path, "spiece.model"));

    /// <summary>
    /// The config that fits the weights. New writers say "tied" of every model and leave it to the reader to see that the output matrix
    /// differs from the embedding; whether outputs are scaled is the config's to say all the same.
    /// </summary>
    public T5Config FittingConfig()
    {
        var config = Config();
        if (!config.TieWordEmbeddings) return config;
        using var scope = NewDisposeScope();
        Tensor? head = null, embedding = null;
        foreach (var (name, value) in new T5Weights(path).ReadEach(name => name == Head || Canonical(name) == Shared))
            if (name == Head) head = value.alias();
            else embedding ??= value.alias();
        return head is null || (embedding is not null && embedding.equal(head).all().ToBoolean())
            ? config
            : config with { TieWordEmbeddings = false, ScaleDecoderOutputs = config.ScalesDecoderOutputs };
    }

    /// <summary>
    /// A model that the weights fill, all of them and no others, one tensor at a time; in evaluation mode, on the CPU.
    /// </summary>
    /// <param name="build">Builds the model.</param>
    /// <param name="type">What it computes in.</param>
    /// <param name="ignore">Names that the model does without.</param>
    /// <exception cref="BadInputException">A weight is missing, too much, or of another shape.</exception>
    public TModule Load<TModule>(Func<TModule> build, ScalarType type, Func<string, bool> ignore)
        where TModule : nn.Module
    {
        using var noGrad = no_grad();
        var weights = new T5Weights(path);
        var model = T5InitialWeights.Unset(build);
        try
        {
            if (type != ScalarType.Float32) model.to(type);
            Fill(model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal), weights, ignore);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.eval();
        return model;
    }

    public void Write(nn.Module model, T5Config config)
    {
        using var scope = NewDisposeScope();
        config.Write(Path.Combine(path, "config.json"));
        SafeTensors.Write(Path.Combine(path, "model.safetensors"), model.state_dict(), new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
    }

    private void Fill(Dictionary<string, Tensor> parameters, T5Weights weights, Func<string, bool> ignore)
    {
        var missing = parameters.Keys.ToHashSet(StringComparer.Ordinal);
        var surplus = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (stored, value) in weights.ReadEach(IsParameter))
        {
            var name = Canonical(stored);
            if (!value.shape.SequenceEqual(parameters[name].shape))
                throw new BadInputException($"{path}: '{name}' is [{string.Join(", ", value.shape)}], config.json means [{string.Join(", ", parameters[name].shape)}]; take both from one model");
            if (!missing.Remove(name)) continue;
            parameters[name].copy_(value);
        }

        if (missing.Count > 0) throw new BadInputException($"{path}: the weights lack '{missing.Min(StringComparer.Ordinal)}'; the folder is incomplete or its config.json belongs to another model");
        if (surplus.Count > 0) throw new BadInputException($"{path}: '{surplus.Min}' is no weight of the model that config.json describes; take both from one model");

        bool IsParameter(string stored)
        {
            if (parameters.ContainsKey(Canonical(stored))) return true;
            if (stored != Surplus && stored != Head && !ignore(stored)) surplus.Add(stored);
            return false;
        }
    }

    private static string Canonical(string name) => Aliases.Contains(name) ? Shared : name;
}

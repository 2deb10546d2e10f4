using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>RoBERTa of the base size (Liu et al. 2019, arXiv 1907.11692), the text tower of CLAP.</summary>
internal sealed class RobertaEncoder : nn.Module<Tensor, Tensor>
{
    public const int Width = 768;
    public const int Layers = 12;
    public const int Heads = 12;
    public const int MaxTokens = 512;
    public const long Pad = 1;
    public const double Epsilon = 1e-12; // of the norms

    private readonly RobertaEmbeddings embeddings;
    private readonly RobertaStack encoder;
    private readonly Dense pooler;

    public RobertaEncoder()
        : base(nameof(RobertaEncoder))
    {
        embeddings = new RobertaEmbeddings();
        encoder = new RobertaStack();
        pooler = new Dense(Width, Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids) // (texts, tokens), int64, padded by 1
    {
        using var scope = NewDisposeScope();
        var bias = ids.eq(Pad).to(ScalarType.Float32).mul(float.MinValue).unsqueeze(1).unsqueeze(1); // (texts, 1, 1, tokens)
        var states = encoder.call(embeddings.call(ids), bias); // (texts, tokens, 768)
        return pooler.call(states.select(1, 0)).tanh().MoveToOuterDisposeScope(); // (texts, 768)
    }
}

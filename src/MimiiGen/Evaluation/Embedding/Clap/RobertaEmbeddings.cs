using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Tokens and their places as vectors: the first token has place 2, padding has place 1.</summary>
internal sealed class RobertaEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding word_embeddings;
    private readonly TorchSharp.Modules.Embedding token_type_embeddings;
    private readonly TorchSharp.Modules.Embedding position_embeddings;
    private readonly TorchSharp.Modules.LayerNorm LayerNorm;

    public RobertaEmbeddings()
        : base(nameof(RobertaEmbeddings))
    {
        word_embeddings = nn.Embedding(50265, RobertaEncoder.Width);
        token_type_embeddings = nn.Embedding(1, RobertaEncoder.Width);
        position_embeddings = nn.Embedding(RobertaEncoder.MaxTokens + 2, RobertaEncoder.Width);
        LayerNorm = nn.LayerNorm(RobertaEncoder.Width, RobertaEncoder.Epsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids) // (texts, tokens), int64
    {
        using var scope = NewDisposeScope();
        var isToken = ids.ne(RobertaEncoder.Pad).to(ScalarType.Int64);
        var places = (isToken.cumsum(1) * isToken) + RobertaEncoder.Pad; // (texts, tokens)
        var x = word_embeddings.call(ids) + token_type_embeddings.call(zeros_like(ids)) + position_embeddings.call(places);
        return LayerNorm.call(x).MoveToOuterDisposeScope(); // (texts, tokens, 768)
    }
}

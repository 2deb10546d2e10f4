using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>A table of vectors (ids, width), drawn from a normal distribution of a given deviation.</summary>
internal sealed class T5Embedding : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public T5Embedding(int ids, int width, double deviation)
        : base(nameof(T5Embedding))
    {
        weight = T5InitialWeights.Normal(ids, width, deviation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids) // (...) int64 -> (..., width)
    {
        using var flat = ids.flatten();
        using var rows = weight.index_select(0, flat);
        return rows.view([.. ids.shape, weight.shape[1]]);
    }

    /// <summary>The table as output matrix: the similarity of each vector to every row.</summary>
    public Tensor Similarity(Tensor x) => nn.functional.linear(x, weight); // (..., width) -> (..., ids)
}

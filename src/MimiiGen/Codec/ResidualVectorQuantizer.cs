using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// Residual vector quantiser: codebook i codes what codebooks 0..i-1 left over (Défossez et al. 2022, section 3.2).
/// Names as published: <c>layers.I.codebook.embed</c> (size, dimension).
/// </summary>
internal sealed class ResidualVectorQuantizer : nn.Module
{
    private const int RowsAtOnce = 4096;

    private readonly ModuleList<Layer> layers;

    public ResidualVectorQuantizer(EncodecConfig config)
        : base("quantizer")
    {
        layers = nn.ModuleList(Enumerable.Range(0, config.NumQuantizers)
            .Select(_ => new Layer(config.CodebookSize, config.CodebookDim ?? config.HiddenSize)).ToArray());
        RegisterComponents();
    }

    /// <summary>Entries of codebook i: (size, dimension).</summary>
    public Tensor Entries(int i) => layers[i].Embed;

    /// <summary>Number of codebooks.</summary>
    public int Count => layers.Count;

    /// <summary>Latents (batch, dimension, frames) to codes (codebooks, batch, frames), int64.</summary>
    public Tensor Encode(Tensor latents, int codebooks)
    {
        using var scope = NewDisposeScope();
        var (batch, frames) = (latents.shape[0], latents.shape[2]);
        var residual = latents.transpose(1, 2).reshape(-1, latents.shape[1]); // (batch * frames, dimension)
        var codes = new Tensor[codebooks];
        for (var i = 0; i < codebooks; i++)
        {
            codes[i] = Nearest(residual, Entries(i));
            residual = residual - Entries(i).index_select(0, codes[i]);
        }

        return stack(codes).reshape(codebooks, batch, frames).MoveToOuterDisposeScope();
    }

    /// <summary>Codes (codebooks, batch, frames) to latents (batch, dimension, frames): the sum of the entries.</summary>
    public Tensor Decode(Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (count, batch, frames) = (codes.shape[0], codes.shape[1], codes.shape[2]);
        Tensor? sum = null;
        for (var i = 0; i < count; i++)
        {
            var chosen = Entries(i).index_select(0, codes[i].flatten()); // (batch * frames, dimension)
            sum = sum is null ? chosen : sum + chosen;
        }

        return sum!.reshape(batch, frames, -1).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Index of the entry with the smallest squared distance for each row; the first one of equals.</summary>
    internal static Tensor Nearest(Tensor rows, Tensor entries)
    {
        using var scope = NewDisposeScope();
        var squares = entries.square().sum(1); // (entries)
        var transposed = entries.t();
        return cat([.. rows.split(RowsAtOnce).Select(part =>
        {
            using var step = NewDisposeScope();
            var distance = addmm(squares, part, transposed, beta: 1, alpha: -2); // (part, entries), less the square of the row, the same for all entries
            return distance.argmin(1).MoveToOuterDisposeScope(); // (part)
        })]).MoveToOuterDisposeScope(); // (rows)
    }

    private sealed class Layer : nn.Module
    {
        private readonly Codebook codebook;

        public Layer(int size, int dimension)
            : base(nameof(Layer))
        {
            codebook = new Codebook(size, dimension);
            RegisterComponents();
        }

        public Tensor Embed => codebook.Embed;
    }

    private sealed class Codebook : nn.Module
    {
        private readonly Tensor embed;

        public Codebook(int size, int dimension)
            : base(nameof(Codebook))
        {
            embed = zeros(size, dimension);
            RegisterComponents();
        }

        public Tensor Embed => embed;
    }
}

using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>
/// Learns a residual quantiser's codebooks as exponential averages of the latents that choose each entry (van den Oord et al. 2017, appendix A.1; the
/// arithmetic of the encodec package). Unlike that package, an entry that falls out of use really moves, sums begin at what the
/// entries stand for, and every codebook's commitment reaches the encoder.
/// </summary>
internal sealed class CodebookAverages : IDisposable
{
    private const double Decay = 0.99;
    private const double Epsilon = 1e-5;
    private const double DeadBelow = 0.2; // of an even use; the package's 2 at the 4.7 frames an entry of its batches is 0.4

    private readonly ResidualVectorQuantizer quantizer;
    private readonly Tensor[] sizes; // (entries): latents a step that choose it
    private readonly Tensor[] sums; // (entries, dimension): their sum

    /// <param name="quantizer">Its codebooks are the start, and are moved.</param>
    /// <param name="latentsPerStep">How many latents one step will bring; the start counts as much for each entry as an even use of them.</param>
    public CodebookAverages(ResidualVectorQuantizer quantizer, long latentsPerStep)
    {
        this.quantizer = quantizer;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        sizes = [.. Codebooks().Select(c => full_like(c[.., 0], EvenUse(c, latentsPerStep)).DetachFromDisposeScope())];
        sums = [.. Codebooks().Select(c => (c * EvenUse(c, latentsPerStep)).DetachFromDisposeScope())];
    }

    /// <summary>What the next step depends on besides the codebooks: <c>I.cluster_size</c>, <c>I.embed_avg</c>; the tensors themselves.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        for (var i = 0; i < sizes.Length; i++)
        {
            yield return new($"{i}.cluster_size", sizes[i]);
            yield return new($"{i}.embed_avg", sums[i]);
        }
    }

    /// <summary>Quantises with the present codebooks, then moves them.</summary>
    /// <param name="latents">(batch, dimension, frames).</param>
    /// <param name="codebooks">How many of them, from the first.</param>
    /// <param name="chance">Where entries out of use move to; none: they stay.</param>
    /// <returns>
    /// The quantised latents (batch, dimension, frames), whose gradient passes straight through; the codes (codebooks, batch, frames); and each codebook's
    /// commitment loss, the mean square of what it leaves over (codebooks).
    /// </returns>
    public (Tensor Latents, Tensor Codes, Tensor Commitments) Learn(Tensor latents, int codebooks, StepChance? chance)
    {
        using var scope = NewDisposeScope();
        var (batch, dimension, frames) = (latents.shape[0], latents.shape[1], latents.shape[2]);
        var rows = latents.transpose(1, 2).reshape(-1, dimension); // (batch * frames, dimension)
        var sum = zeros_like(rows).detach();
        var (codes, commitments) = (new Tensor[codebooks], new Tensor[codebooks]);
        for (var i = 0; i < codebooks; i++)
        {
            var residual = rows - sum;
            var fixedResidual = residual.detach();
            codes[i] = ResidualVectorQuantizer.Nearest(fixedResidual, quantizer.Entries(i));
            var chosen = quantizer.Entries(i).index_select(0, codes[i]).detach(); // (batch * frames, dimension)
            commitments[i] = (residual - chosen).square().mean();
            sum = sum + chosen;
            Update(i, fixedResidual, codes[i], chance);
        }

        var quantized = sum.reshape(batch, frames, dimension).transpose(1, 2); // (batch, dimension, frames)
        return (
            (latents + (quantized - latents).detach()).MoveToOuterDisposeScope(),
            stack(codes).reshape(codebooks, batch, frames).MoveToOuterDisposeScope(),
            stack(commitments).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var tensor in sizes.Concat(sums)) tensor.Dispose();
    }

    private void Update(int i, Tensor rows, Tensor codes, StepChance? chance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (entries, size, sum) = (quantizer.Entries(i), sizes[i], sums[i]);
        size.mul_(Decay).add_(zeros_like(size).index_add_(0, codes, ones_like(rows[.., 0]), 1), alpha: 1 - Decay);
        sum.mul_(Decay).add_(zeros_like(sum).index_add_(0, codes, rows, 1), alpha: 1 - Decay);
        var total = size.sum();
        var smoothed = (size + Epsilon) / (total + (Epsilon * size.shape[0])) * total; // Laplace smoothing
        entries.copy_(sum / smoothed.unsqueeze(1));
        if (chance is null) return;
        var use = EvenUse(entries, rows.shape[0]);
        var dead = size.lt(DeadBelow * use); // (entries)
        var strays = rows.index_select(0, randint(0, rows.shape[0], [size.shape[0]], dtype: ScalarType.Int64, generator: chance.Tensors).to(rows.device)); // (entries, dimension)
        entries.copy_(where(dead.unsqueeze(1), strays, entries));
        sum.copy_(where(dead.unsqueeze(1), strays * use, sum));
        size.masked_fill_(dead, use);
    }

    private IEnumerable<Tensor> Codebooks() => Enumerable.Range(0, quantizer.Count).Select(quantizer.Entries);

    private static double EvenUse(Tensor entries, long latents) => (double)latents / entries.shape[0];
}

using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The selective Mahalanobis mode of the DCASE baseline: the residual of the auto-encoder is weighed by the inverse of its
/// covariance on normal clips, once with the source domain's and once with the target domain's; the smaller distance counts.
/// <para>
/// The baseline averages all entries of D P D^T (D: residual blocks of one frame each, P: inverse covariance). That is the
/// squared distance of the mean residual block, which is how it is computed here; no square root is taken.
/// </para>
/// </summary>
public static class SelectiveMahalanobis
{
    /// <summary>The smaller of the two squared distances of a clip.</summary>
    /// <param name="residual">(vectors, inputs): reconstruction minus input, or its negative.</param>
    /// <param name="sourcePrecision">(block, block): inverse covariance of the source domain.</param>
    /// <param name="targetPrecision">(block, block): inverse covariance of the target domain.</param>
    public static double Score(Tensor residual, Tensor sourcePrecision, Tensor targetPrecision) =>
        Math.Min(Distance(residual, sourcePrecision), Distance(residual, targetPrecision));

    /// <summary>The squared Mahalanobis distance of the mean residual block from zero.</summary>
    public static double Distance(Tensor residual, Tensor precision)
    {
        ArgumentNullException.ThrowIfNull(precision);
        using var scope = NewDisposeScope();
        var mean = Blocks(residual, precision.shape[0]).mean([0L]); // (block)
        return mean.dot(precision.mv(mean)).ToDouble();
    }

    /// <summary>
    /// The covariance as the baseline accumulates it: the residual blocks of each batch are centred by that batch's own
    /// mean, and the sum is divided by the number of vectors less one, though a vector holds several blocks.
    /// </summary>
    /// <param name="residuals">The batches of one domain, each (vectors, inputs); an empty batch adds nothing.</param>
    /// <param name="block">Values a block: the mel bands of a frame.</param>
    /// <returns>(block, block).</returns>
    public static Tensor Covariance(IEnumerable<Tensor> residuals, long block)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        long vectors = 0;
        foreach (var residual in residuals.Where(r => r.shape[0] > 0))
        {
            var blocks = Blocks(residual, block);
            var centred = blocks - blocks.mean([0L], keepdim: true); // (blocks, block)
            var product = centred.t().mm(centred); // (block, block)
            sum = sum is null ? product : sum + product;
            vectors += residual.shape[0];
        }

        if (sum is null || vectors < 2) throw new BadInputException($"a covariance can't be taken of {vectors} feature vectors: give more or longer normal clips of this domain");
        return (sum / (vectors - 1)).MoveToOuterDisposeScope();
    }

    private static Tensor Blocks(Tensor residual, long block) => residual.reshape(-1, block); // (blocks, block)
}

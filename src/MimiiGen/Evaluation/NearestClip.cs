using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// The training clip nearest to a clip, by the cosine of their embeddings: generated clips that lie nearer to a training clip
/// than real clips lie to one another are copies, however good they sound.
/// </summary>
/// <param name="Index">The nearest training clip's row.</param>
/// <param name="Similarity">The cosine, -1 to 1; 1 is the same embedding.</param>
public readonly record struct NearestClip(int Index, double Similarity)
{
    /// <summary>For every clip its nearest training clip.</summary>
    /// <param name="clips">Embeddings (clips, dimensions).</param>
    /// <param name="training">Embeddings of the training clips (clips, dimensions), at least one.</param>
    /// <exception cref="BadInputException">A set is empty, dimensions differ, or values are no numbers.</exception>
    public static IReadOnlyList<NearestClip> Of(Tensor clips, Tensor training)
    {
        using var scope = NewDisposeScope();
        var (a, b) = Rows.Pair(clips, training, 1, "nearest clip");
        return Nearest(Cosines(a, b));
    }

    /// <summary>For every real clip the nearest of the others: what <see cref="Of"/> is to be compared with.</summary>
    /// <param name="clips">Embeddings (clips, dimensions), at least two.</param>
    /// <exception cref="BadInputException">There are fewer than two clips, or values are no numbers.</exception>
    public static IReadOnlyList<NearestClip> AmongOthers(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var rows = Rows.Of(clips, 2, "nearest clip");
        return Nearest(Cosines(rows, rows).masked_fill(eye(rows.shape[0], dtype: ScalarType.Bool), double.NegativeInfinity));
    }

    private static Tensor Cosines(Tensor a, Tensor b) =>
        nn.functional.normalize(a, 2, 1).mm(nn.functional.normalize(b, 2, 1).t()); // (clips, training)

    private static NearestClip[] Nearest(Tensor cosines)
    {
        var (values, indices) = cosines.max(1);
        var nearest = indices.data<long>().ToArray();
        return [.. values.data<double>().ToArray().Select((v, i) => new NearestClip((int)nearest[i], v))];
    }
}

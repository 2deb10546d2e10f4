using MimiiGen.Kernels;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>The tiles of twelve rows of a batch that one thread computes.</summary>
/// <param name="Batch">Rows of the batch.</param>
/// <param name="First">The first tile.</param>
/// <param name="Last">The first tile that is another's.</param>
internal readonly record struct BatchShare(int Batch, int First, int Last)
{
    public static BatchShare Of(int batch, int member, int members)
    {
        var tiles = (batch + MicroKernel.Rows - 1) / MicroKernel.Rows;
        return new BatchShare(batch, tiles * member / members, tiles * (member + 1) / members);
    }

    public int FirstRow => First * MicroKernel.Rows;

    public int LastRow => Math.Min(Batch, Last * MicroKernel.Rows);

    /// <summary>Rows of a tile; fewer than twelve at the batch's end.</summary>
    public int Rows(int tile) => Math.Min(MicroKernel.Rows, Batch - (tile * MicroKernel.Rows));
}

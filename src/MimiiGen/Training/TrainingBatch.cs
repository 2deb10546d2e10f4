using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>What a generator's loss is taken of.</summary>
/// <param name="Clean">(batch, channels, height, frames).</param>
/// <param name="Noise">Standard normal, of that shape.</param>
/// <param name="Timesteps">(batch).</param>
/// <param name="Captions">(batch).</param>
/// <param name="Levels">(batch, rows), or null where the U-Net takes none.</param>
internal sealed record TrainingBatch(Tensor Clean, Tensor Noise, int[] Timesteps, string[] Captions, Tensor? Levels)
{
    public int Count => Timesteps.Length;

    /// <summary>The same in parts of equal size, the last one smaller where they don't go up: the mean loss is theirs weighted by their share of the count.</summary>
    public IEnumerable<TrainingBatch> Parts(int parts)
    {
        var size = (Count + parts - 1) / parts;
        for (var first = 0; first < Count; first += size)
        {
            var (start, count) = (first, Math.Min(size, Count - first));
            yield return new TrainingBatch(Rows(Clean), Rows(Noise), Timesteps[start..(start + count)], Captions[start..(start + count)], Levels is null ? null : Rows(Levels));

            Tensor Rows(Tensor all) => all.narrow(0, start, count);
        }
    }
}

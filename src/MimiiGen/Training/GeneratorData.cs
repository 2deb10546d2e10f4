using MimiiGen.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>What a generator is trained on: stored latents, divided into those trained on and those held out, and the crops of each step.</summary>
internal sealed class GeneratorData : IDisposable
{
    private const int ClipsToLendOne = 5;

    private readonly LatentStore store;
    private readonly LatentLayout layout;
    private readonly Device device;
    private readonly double[] cumulative;

    public GeneratorData(LatentStore store, LatentLayout layout, Device device)
    {
        (this.store, this.layout, this.device) = (store, layout, device);
        var held = Enumerable.Range(0, store.Shapes.Count)
            .GroupBy(i => store.Levels.Conditions[i]).Where(g => g.Count() >= ClipsToLendOne).Select(g => g.Last()).ToHashSet();
        HeldOut = [.. held.Order()];
        Trained = [.. Enumerable.Range(0, store.Shapes.Count).Where(i => !held.Contains(i))];
        cumulative = Sampling();
        using var scope = NewDisposeScope();
        RowWeights = layout.ToImage(tensor(Training.RowWeights.Of(store.Shapes), [1, layout.Dimensions, 1])).to(device).DetachFromDisposeScope();
    }

    /// <summary>Clips that are trained on.</summary>
    public int[] Trained { get; }

    /// <summary>Of each condition of five clips or more the last one; the others are trained on wholly.</summary>
    public int[] HeldOut { get; }

    /// <summary>Of the loss: (1, channels, height, 1).</summary>
    public Tensor RowWeights { get; }

    /// <summary>Frames of the shortest clip trained on.</summary>
    public int WholeFrames => Trained.Min(i => (int)store.Shapes[i].shape[1]);

    public LatentStore Store => store;

    /// <summary>A clip by chance: that of a condition grows with the root of its number of clips.</summary>
    public int Draw(StepChance chance)
    {
        var at = Array.BinarySearch(cumulative, chance.Between(0, cumulative[^1]));
        return Trained[Math.Min(at < 0 ? ~at : at, Trained.Length - 1)];
    }

    public string CaptionOf(int clip) => store.Conditions[store.Levels.Conditions[clip]].Caption;

    /// <summary>What the U-Net is told of the clips' levels: (batch, rows).</summary>
    public Tensor Descriptions(int[] clips) => stack(clips.Select(i => tensor(store.Levels.Describe(store.Levels.Of(i))))).to(device);

    /// <summary>A crop of each clip as the U-Net's image (batch, channels, height, frames); a clip shorter than that is repeated.</summary>
    public Tensor Crops(int[] clips, int frames, StepChance chance)
    {
        using var scope = NewDisposeScope();
        var crops = stack(clips.Select(i =>
        {
            var shape = store.Shapes[i];
            if (shape.shape[1] < frames) shape = shape.repeat(1, (frames / shape.shape[1]) + 1);
            return shape.narrow(1, chance.Below((int)shape.shape[1] - frames + 1), frames).to(ScalarType.Float32);
        })); // (batch, rows, frames)
        return layout.ToImage(crops).to(device).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        RowWeights.Dispose();
        store.Dispose();
    }

    private double[] Sampling()
    {
        var counts = Trained.GroupBy(i => store.Levels.Conditions[i]).ToDictionary(g => g.Key, g => g.Count());
        var sum = 0.0;
        return [.. Trained.Select(i => sum += 1 / Math.Sqrt(counts[store.Levels.Conditions[i]]))];
    }
}

using MimiiGen.Codec;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Fits a residual quantiser's codebooks to the latents of a trained encoder, one after the other, by k-means (Lloyd 1982); an entry that
/// no latent chooses moves to a random latent.
/// </summary>
internal static class CodebookFit
{
    private const int LatentsPerEntry = 40;
    private const int Iterations = 12;

    /// <param name="model">In evaluation mode; its codebooks are overwritten.</param>
    /// <param name="clips">Each (samples), at the codec's rate.</param>
    /// <param name="seed">Of the choice of latents and starts.</param>
    /// <param name="progress">One report a codebook.</param>
    /// <param name="stop">Checked between codebooks.</param>
    public static void Run(EncodecModel model, IReadOnlyList<Tensor> clips, ulong seed, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var chance = new StepChance(seed, -2);
        var residual = Latents(model, clips, chance); // (latents, hidden)
        for (var i = 0; i < model.Quantizer.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var entries = Fit(residual, model.Config.CodebookSize, chance);
            model.Quantizer.Entries(i).copy_(entries);
            residual.sub_(entries.index_select(0, ResidualVectorQuantizer.Nearest(residual, entries)));
            progress?.Report(new WorkProgress("fitting codebooks", i + 1, model.Quantizer.Count));
        }
    }

    private static Tensor Latents(EncodecModel model, IReadOnlyList<Tensor> clips, StepChance chance)
    {
        var wanted = (long)LatentsPerEntry * model.Config.CodebookSize;
        var each = (int)((wanted + clips.Count - 1) / clips.Count);
        return cat([.. clips.Select(clip =>
        {
            using var scope = NewDisposeScope();
            var latents = model.Encode(clip.reshape(1, 1, -1).to(model.Quantizer.Entries(0).device))[0].t(); // (frames, hidden)
            var gain = Math.Pow(10, chance.Between(-6, 3) / 20);
            var chosen = randperm(latents.shape[0], generator: chance.Tensors)[..(int)Math.Min(each, latents.shape[0])].to(latents.device);
            return (latents.index_select(0, chosen) * gain).MoveToOuterDisposeScope();
        })]);
    }

    private static Tensor Fit(Tensor latents, int size, StepChance chance)
    {
        using var scope = NewDisposeScope();
        var count = latents.shape[0];
        var start = count >= size ? randperm(count, generator: chance.Tensors)[..size] : randint(0, count, [size], dtype: ScalarType.Int64, generator: chance.Tensors);
        var entries = latents.index_select(0, start.to(latents.device)); // (size, hidden)
        for (var i = 0; i < Iterations; i++)
        {
            using var step = NewDisposeScope();
            var chosen = ResidualVectorQuantizer.Nearest(latents, entries); // (latents)
            var members = zeros(size, device: latents.device).index_add_(0, chosen, ones(count, device: latents.device), 1); // (size)
            var means = zeros_like(entries).index_add_(0, chosen, latents, 1) / members.clamp_min(1).unsqueeze(1);
            var strays = latents.index_select(0, randint(0, count, [size], dtype: ScalarType.Int64, generator: chance.Tensors).to(latents.device));
            entries.copy_(where(members.unsqueeze(1).gt(0), means, strays));
        }

        return entries.MoveToOuterDisposeScope();
    }
}

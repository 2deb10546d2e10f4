using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>Log-mel spectra in the latents of a small variational auto-encoder, turned back by it and Griffin and Lim's algorithm.</summary>
internal sealed class EncodedMel : IRepresentation
{
    private const int CropFrames = 96;
    private const double DivergenceWeight = 1e-3;

    private readonly LogMelPicture picture;
    private readonly MelAutoencoder network = new();

    public EncodedMel(StudyData data, string folder, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        picture = Representations.Picture(data);
        CropTraining.Run(network, data, folder, CropFrames, Loss, "training an auto-encoder of spectrograms", progress, stop);

        Tensor Loss(Tensor crops) // (batch, samples)
        {
            var mel = picture.Of(crops); // (batch, rows, frames)
            var (mean, logVariance) = network.Encode(mel); // (batch, 4, rows / 4, frames)
            var drawn = mean + (randn_like(mean) * (logVariance / 2).exp());
            var divergence = (mean.square() + logVariance.exp() - logVariance - 1).mean() / 2;
            return (network.Decode(drawn) - mel).abs().mean() + (DivergenceWeight * divergence);
        }
    }

    /// <inheritdoc/>
    public Tensor Encode(float[] samples)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return network.Encode(picture.Encode(samples).unsqueeze(0)).Mean[0].flatten(0, 1).MoveToOuterDisposeScope(); // (rows, frames)
    }

    /// <inheritdoc/>
    public float[] Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return picture.Decode(network.Decode(latents.cpu().unflatten(0, [MelAutoencoder.Channels, latents.shape[0] / MelAutoencoder.Channels]).unsqueeze(0))[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        picture.Dispose();
    }
}

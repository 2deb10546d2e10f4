using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>Log-mel spectra turned back by a small trained vocoder.</summary>
internal sealed class VocodedMel : IRepresentation
{
    private const int CropFrames = 48;

    private readonly LogMelPicture picture;
    private readonly SpectrumVocoder vocoder;

    public VocodedMel(StudyData data, string folder, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        picture = Representations.Picture(data);
        vocoder = new SpectrumVocoder(data.Rows, picture.Stft);
        var (rate, highest) = Representations.Rates(data);
        using var spectral = new SpectralLoss(rate, highest, CPU);
        CropTraining.Run(vocoder, data, folder, CropFrames, Loss, "training a vocoder", progress, stop);

        Tensor Loss(Tensor crops) // (batch, samples)
        {
            var mel = picture.Of(crops); // (batch, rows, frames)
            var made = vocoder.forward(mel, SpectrumVocoder.Draw(mel.shape[0], mel.shape[2]));
            return spectral.Compare(crops, made) + (0.1 * (picture.Of(made) - mel).abs().mean());
        }
    }

    /// <inheritdoc/>
    public Tensor Encode(float[] samples) => picture.Encode(samples);

    /// <inheritdoc/>
    public float[] Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var chance = new Generator(0);
        return vocoder.forward(latents.cpu().unsqueeze(0), SpectrumVocoder.Draw(1, latents.shape[1], chance))[0].data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vocoder.Dispose();
        picture.Dispose();
    }
}

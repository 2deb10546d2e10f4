using MimiiGen.Codec;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Training.Adversarial;

/// <summary>
/// One scale of EnCodec's discriminator (Défossez et al. 2022, section 3.4): two-dimensional convolutions over a complex spectrogram, real and
/// imaginary part as channels, time dilated by 1, 2, 4, frequency halved by each.
/// </summary>
internal sealed class SpectrogramDiscriminator : nn.Module
{
    private const double Slope = 0.2;
    private static readonly int[] Dilations = [1, 2, 4];

    private readonly ModuleList<Convolution> convs;
    private readonly Convolution conv_post;
    private readonly Tensor window;
    private readonly int length;

    /// <param name="length">Of the window in samples; the hop is a quarter of it.</param>
    /// <param name="filters">Channels of the convolutions.</param>
    public SpectrogramDiscriminator(int length, int filters)
        : base(nameof(SpectrogramDiscriminator))
    {
        this.length = length;
        window = MelSpectrum.UnitWindow(length);
        convs = nn.ModuleList(
        [
            new Convolution(2, filters, 3, 9),
            .. Dilations.Select(d => new Convolution(filters, filters, 3, 9, stride: 2, dilation: d)),
            new Convolution(filters, filters, 3, 3),
        ]);
        conv_post = new Convolution(filters, 1, 3, 3);
        RegisterComponents();
    }

    /// <summary>How real each place of the spectrogram looks, and what each layer saw.</summary>
    /// <param name="waveform">(batch, samples), at least one window long.</param>
    public Judgement Judge(Tensor waveform)
    {
        using var scope = NewDisposeScope();
        var spectrum = view_as_real(stft(waveform, length, length / 4, length, window, center: false, return_complex: true)); // (batch, bins, frames, 2)
        var current = spectrum.permute(0, 3, 2, 1); // (batch, 2, frames, bins)
        var features = new List<Tensor>();
        foreach (var conv in convs)
        {
            current = F.leaky_relu(conv.forward(current), Slope); // (batch, filters, frames, bins halved thrice)
            features.Add(current.MoveToOuterDisposeScope());
        }

        return new Judgement(conv_post.forward(current).MoveToOuterDisposeScope(), features); // (batch, 1, frames, bins)
    }

    /// <summary>A weight-normalised convolution over frames and bins that keeps the number of frames.</summary>
    private sealed class Convolution(int inputs, int outputs, int frames, int bins, int stride = 1, int dilation = 1)
        : NormedKernel([outputs, inputs, (long)frames * bins], (long)inputs * frames * bins, outputs, weightNorm: true)
    {
        public override Tensor forward(Tensor input) => // (batch, inputs, frames, bins)
            F.conv2d(
                input,
                Kernel().reshape(outputs, inputs, frames, bins),
                Bias,
                strides: [1, stride],
                padding: [(long)(frames - 1) * dilation / 2, (bins - 1) / 2],
                dilation: [dilation, 1]); // (batch, outputs, frames, bins / stride)
    }
}

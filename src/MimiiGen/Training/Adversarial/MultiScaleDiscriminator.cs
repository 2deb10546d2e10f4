using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>EnCodec's multi-scale STFT discriminator: the same network over windows of 2048, 1024, 512, 256 and 128 samples.</summary>
internal sealed class MultiScaleDiscriminator : nn.Module
{
    private static readonly int[] Lengths = [2048, 1024, 512, 256, 128];

    private readonly ModuleList<SpectrogramDiscriminator> discriminators;

    /// <param name="filters">Channels of its convolutions; 32 in the paper.</param>
    public MultiScaleDiscriminator(int filters)
        : base(nameof(MultiScaleDiscriminator))
    {
        discriminators = nn.ModuleList([.. Lengths.Select(n => new SpectrogramDiscriminator(n, filters))]);
        RegisterComponents();
    }

    /// <summary>One judgement a scale; waveforms are (batch, samples), at least 2048 long.</summary>
    public IReadOnlyList<Judgement> Judge(Tensor waveform) => [.. discriminators.Select(d => d.Judge(waveform))];
}

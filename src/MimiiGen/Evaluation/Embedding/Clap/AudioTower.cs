using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>The level of names that transformers puts around the sound tower.</summary>
internal sealed class AudioTower : nn.Module<Tensor, Tensor>
{
    private readonly HtsatEncoder audio_encoder;

    public AudioTower(ClapConfig config)
        : base(nameof(AudioTower))
    {
        audio_encoder = new HtsatEncoder(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => audio_encoder.call(input); // (clips, 1, 1001, 64) -> (clips, 8 width)
}

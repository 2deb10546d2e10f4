using MimiiGen.Diffusion;
using MimiiGen.Text;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>The networks of a generator under one roof, so that one optimiser, average and state hold them.</summary>
internal sealed class GeneratorNetworks : nn.Module
{
    private readonly UNet2DConditionModel unet;
    private readonly T5Encoder? text_encoder;

    public GeneratorNetworks(UNet2DConditionModel unet, T5Encoder? text)
        : base(nameof(GeneratorNetworks))
    {
        this.unet = unet;
        text_encoder = text;
        RegisterComponents();
    }

    public UNet2DConditionModel UNet => unet;

    /// <summary>The text encoder, unless it is a published one.</summary>
    public T5Encoder? Text => text_encoder;
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>SEANet's decoder: latents (batch, hidden, frames) to waveform (batch, channels, frames * hop).</summary>
internal sealed class EncodecDecoder : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> layers;
    private readonly EncodecConfig config;
    private PreparedLayers? prepared;

    public EncodecDecoder(EncodecConfig config)
        : base("decoder")
    {
        this.config = config;
        var width = config.NumFilters << config.UpsamplingRatios.Count;
        var stack = new List<nn.Module<Tensor, Tensor>> { new EncodecConv1d(config, config.HiddenSize, width, config.KernelSize) };
        if (config.NumLstmLayers > 0) stack.Add(new EncodecLstm(width, config.NumLstmLayers));
        foreach (var ratio in config.UpsamplingRatios)
        {
            stack.Add(nn.ELU());
            stack.Add(new EncodecConvTranspose1d(config, width, width / 2, ratio * 2, ratio));
            width /= 2;
            for (var j = 0; j < config.NumResidualLayers; j++)
                stack.Add(new EncodecResidualBlock(config, width, (int)Math.Pow(config.DilationGrowthRate, j)));
        }

        stack.Add(nn.ELU());
        stack.Add(new EncodecConv1d(config, width, config.AudioChannels, config.LastKernelSize));
        layers = nn.ModuleList([.. stack]);
        RegisterComponents();
    }

    /// <summary>The layers in order, activations included.</summary>
    internal ModuleList<nn.Module<Tensor, Tensor>> Layers => layers;

    public override Tensor forward(Tensor latents) => PreparedLayers.Run([.. Layers], config, latents, ref prepared);
}

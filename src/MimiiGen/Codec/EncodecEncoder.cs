using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>SEANet's encoder: waveform (batch, channels, samples) to latents (batch, hidden, ceil(samples / hop)).</summary>
internal sealed class EncodecEncoder : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> layers;
    private readonly EncodecConfig config;
    private PreparedLayers? prepared;

    public EncodecEncoder(EncodecConfig config)
        : base("encoder")
    {
        this.config = config;
        var stack = new List<nn.Module<Tensor, Tensor>> { new EncodecConv1d(config, config.AudioChannels, config.NumFilters, config.KernelSize) };
        var width = config.NumFilters;
        foreach (var ratio in config.UpsamplingRatios.Reverse())
        {
            for (var j = 0; j < config.NumResidualLayers; j++)
                stack.Add(new EncodecResidualBlock(config, width, (int)Math.Pow(config.DilationGrowthRate, j)));
            stack.Add(nn.ELU());
            stack.Add(new EncodecConv1d(config, width, width * 2, ratio * 2, ratio));
            width *= 2;
        }

        if (config.NumLstmLayers > 0) stack.Add(new EncodecLstm(width, config.NumLstmLayers));
        stack.Add(nn.ELU());
        stack.Add(new EncodecConv1d(config, width, config.HiddenSize, config.LastKernelSize));
        layers = nn.ModuleList([.. stack]);
        RegisterComponents();
    }

    /// <summary>The layers in order, activations included.</summary>
    internal ModuleList<nn.Module<Tensor, Tensor>> Layers => layers;

    public override Tensor forward(Tensor waveform) => PreparedLayers.Run([.. Layers], config, waveform, ref prepared);
}

using MimiiGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// SEANet's layers prepared once for inference on a CPU: block by block before and after the recurrent block, which goes through whole sequences.
/// They are made again when the weights have changed.
/// </summary>
internal sealed class PreparedLayers
{
    private readonly BlockStack before;
    private readonly FrameLstm? lstm;
    private readonly BlockStack? after;
    private readonly WeightsMark mark;

    private PreparedLayers(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, WeightsMark mark)
    {
        this.mark = mark;
        var recurrent = layers.ToList().FindIndex(layer => layer is EncodecLstm);
        before = Stack(recurrent < 0 ? layers : [.. layers.Take(recurrent)]);
        if (recurrent < 0) return;
        lstm = new FrameLstm((EncodecLstm)layers[recurrent]);
        after = Stack([.. layers.Skip(recurrent + 1)]);
    }

    /// <summary>Runs the layers by the fastest way there is for this input.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="config">Of the codec.</param>
    /// <param name="input">(batch, channels, frames).</param>
    /// <param name="prepared">What was prepared before; replaced where it no longer fits.</param>
    public static Tensor Run(IReadOnlyList<nn.Module<Tensor, Tensor>> layers, EncodecConfig config, Tensor input, ref PreparedLayers? prepared)
    {
        if (is_grad_enabled() || !MicroKernel.Serves(input) || config.NormType == "time_group_norm"
            || (config.NumLstmLayers > 0 && !FrameLstm.Serves(config.NumFilters << config.UpsamplingRatios.Count)))
            return LayerStack.Run(layers, input);
        var mark = WeightsMark.Of(layers);
        if (prepared is null || prepared.mark != mark) prepared = new PreparedLayers(layers, mark);
        return prepared.Serves(input.shape[2]) ? prepared.Run(input) : LayerStack.Run(layers, input);
    }

    private bool Serves(long frames) => before.Serves(frames) && (after is null || after.Serves(before.Length(frames)));

    private Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var frames = before.Run(input.transpose(1, 2).contiguous()); // (batch, frames, channels)
        if (lstm is not null) frames = after!.Run(lstm.Run(frames));
        return frames.transpose(1, 2).contiguous().MoveToOuterDisposeScope(); // (batch, channels, frames)
    }

    /// <summary>Each layer with the activation behind it; the one before the first layer is the recurrent block's.</summary>
    private static BlockStack Stack(IReadOnlyList<nn.Module<Tensor, Tensor>> layers)
    {
        var blocks = new List<BlockLayer>();
        for (var i = 0; i < layers.Count; i++)
        {
            var activated = i + 1 < layers.Count && layers[i + 1] is TorchSharp.Modules.ELU;
            if (layers[i] is EncodecConv1d convolution) blocks.Add(new BlockConvolution(convolution, activated));
            if (layers[i] is EncodecConvTranspose1d transposed) blocks.Add(new BlockTransposed(transposed, activated));
            if (layers[i] is EncodecResidualBlock residual) blocks.Add(new BlockResidual(residual, activated));
        }

        return new BlockStack(blocks);
    }
}

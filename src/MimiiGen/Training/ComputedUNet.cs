using MimiiGen.Diffusion;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// The U-Net that gradients are computed on: the one that is trained, or a copy of it in bfloat16 (Micikevicius et al. 2018, "Mixed precision training"; with
/// bfloat16's range the loss needs no scale). The copy's norms compute in float32, as under PyTorch's autocast; so does the softmax in torch's attention. Without
/// gradients it is always the trained one.
/// </summary>
internal sealed class ComputedUNet : IDisposable
{
    private readonly GeneratorNetworks? copy;
    private readonly LowRankAdapters? copiedAdapters;
    private readonly List<(Parameter Trained, Parameter Copied)> pairs = [];

    /// <param name="unet">The network that is trained, or that the updates are in; stays the caller's.</param>
    /// <param name="precision">To compute in.</param>
    /// <param name="adapters">The updates, where these are trained.</param>
    public ComputedUNet(UNet2DConditionModel unet, TrainingPrecision precision = TrainingPrecision.Float32, LowRankAdapters? adapters = null)
    {
        Trained = unet;
        if (precision == TrainingPrecision.Float32) return;
        copy = new GeneratorNetworks(new UNet2DConditionModel(unet.Config) { Checkpointing = unet.Checkpointing }, null);
        Convert(copy, unet.parameters().First().device);
        Pair(unet, copy.UNet);
        if (adapters is null) return;
        copiedAdapters = new LowRankAdapters(copy.UNet, adapters.Rank);
        Convert(copiedAdapters, unet.parameters().First().device);
        Pair(adapters, copiedAdapters);
    }

    /// <summary>The network whose weights are float32.</summary>
    public UNet2DConditionModel Trained { get; }

    /// <summary>The copy with the names of <see cref="GeneratorNetworks"/>; null where there is none.</summary>
    public nn.Module? Copy => copy;

    /// <summary>Takes over what the optimiser changed.</summary>
    public void Refresh()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (trained, copied) in pairs) copied.copy_(trained);
    }

    /// <summary>Adds the copy's gradients, if there is one, to those of what is trained, and forgets them.</summary>
    public void ReturnGradients()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (trained, copied) in pairs)
        {
            if (copied.grad is not { } gradient) continue;
            if (trained.grad is { } sum) sum.add_(gradient);
            else trained.grad = gradient.to(ScalarType.Float32);
            gradient.zero_();
        }
    }

    /// <summary>The prediction (batch, channels, height, frames), float32.</summary>
    /// <param name="sample">(batch, channels, height, frames).</param>
    /// <param name="timesteps">(batch).</param>
    /// <param name="states">Text states (batch, tokens, width).</param>
    /// <param name="mask">(batch, tokens).</param>
    /// <param name="levels">(batch, rows), or null.</param>
    public Tensor Predict(Tensor sample, Tensor timesteps, Tensor states, Tensor mask, Tensor? levels)
    {
        if (copy is null || !is_grad_enabled()) return Trained.forward(sample, timesteps, states, mask, levels);
        using var scope = NewDisposeScope();
        return copy.UNet.forward(sample.bfloat16(), timesteps, states.bfloat16(), mask, levels).@float().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        copiedAdapters?.Dispose();
        copy?.Dispose();
    }

    private static void Convert(nn.Module module, Device device)
    {
        module.to(device);
        module.to(ScalarType.BFloat16);
        foreach (var norm in module.modules().OfType<nn.Module<Tensor, Tensor>>().Where(m => m is GroupNorm or LayerNorm))
        {
            norm.to(ScalarType.Float32);
            norm.register_forward_pre_hook((_, input) => input.@float());
            norm.register_forward_hook((_, _, output) => output.bfloat16());
        }
    }

    private void Pair(nn.Module trained, nn.Module copied)
    {
        var theirs = copied.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in trained.named_parameters())
        {
            theirs[name].requires_grad_(parameter.requires_grad);
            pairs.Add((parameter, theirs[name]));
        }
    }
}

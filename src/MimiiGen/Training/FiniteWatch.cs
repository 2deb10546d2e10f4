using MimiiGen.Codec;
using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Stops a training whose numbers are no longer finite before they reach the weights, and says where it began.</summary>
internal static class FiniteWatch
{
    /// <param name="stage">Of the training.</param>
    /// <param name="step">Steps done before.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="crops">(batch, samples) of the step.</param>
    /// <param name="losses">Of the step, by name.</param>
    /// <param name="optimizer">Has the gradients of the step.</param>
    /// <exception cref="InvalidOperationException">A loss or gradient is not finite; step and layer are named.</exception>
    public static void Require(string stage, long step, EncodecModel model, Tensor crops, IReadOnlyDictionary<string, double> losses, AdamW optimizer)
    {
        var norm = optimizer.GradientNorm();
        if (double.IsFinite(norm) && losses.Values.All(double.IsFinite)) return;
        var layer = Layer(model, crops);
        var loss = losses.Where(l => !double.IsFinite(l.Value)).Select(l => $"the {l.Key} loss is {l.Value}").FirstOrDefault();
        var parameter = optimizer.FindNonFinite() ?? (double.IsFinite(norm) ? null : $"the gradients' joint norm is {norm}");
        throw new InvalidOperationException(
            $"step {step} of the stage '{stage}': {string.Join("; ", new[] { layer, loss, parameter }.OfType<string>())}; the last checkpoint is good: train with a lower learning rate");
    }

    /// <summary>The same for a generator.</summary>
    /// <param name="step">Steps done before.</param>
    /// <param name="loss">Of the step.</param>
    /// <param name="norm">Of all gradients.</param>
    /// <param name="optimizer">Has the gradients of the step.</param>
    /// <param name="networks">What is trained.</param>
    /// <param name="again">Computes the loss of the step anew.</param>
    /// <exception cref="InvalidOperationException">The loss or a gradient is not finite; step and layer are named.</exception>
    public static void Require(long step, double loss, double norm, AdamW optimizer, nn.Module networks, Action again)
    {
        if (double.IsFinite(norm) && double.IsFinite(loss)) return;
        var parameter = optimizer.FindNonFinite();
        var layer = LayerWatch.FirstNonFinite(networks, again) is { } name ? $"the output of {name} is not finite" : $"the loss is {loss}, the gradients' joint norm {norm}";
        throw new InvalidOperationException($"step {step}: {string.Join("; ", new[] { layer, parameter }.OfType<string>())}; the last checkpoint is good: train with a lower learning rate");
    }

    private static string? Layer(EncodecModel model, Tensor crops)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!AllFinite(crops)) return "the recordings hold values that are not finite";
        string? first = null;
        var latents = LayerStack.Run(model.Encoder.Layers, crops.unsqueeze(1), (i, output) => Look("encoder", i, output));
        LayerStack.Run(model.Decoder.Layers, latents, (i, output) => Look("decoder", i, output));
        return first;

        void Look(string part, int i, Tensor output)
        {
            if (!AllFinite(output)) first ??= $"the output of {part}.layers.{i} is not finite";
        }
    }

    private static bool AllFinite(Tensor tensor) => tensor.isfinite().all().ToBoolean();
}

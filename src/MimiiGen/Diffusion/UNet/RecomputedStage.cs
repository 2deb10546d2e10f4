using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, "Training deep nets with sublinear memory cost"): of a stage of the network only the inputs are kept, and when its
/// gradient is asked for it is computed once more. Both times with gradients on, so that the numbers are those of a training without.
/// </summary>
internal sealed class RecomputedStage : autograd.SingleTensorFunction<RecomputedStage>
{
    private const string StageKey = "stage";

    [ThreadStatic]
    private static List<Tensor>? handedOver; // to native code, which takes them when the call that returned them has ended

    private static ExceptionDispatchInfo? failure; // on a GPU another thread computes the gradients

    public override string Name => nameof(RecomputedStage);

    /// <summary>A stage's output, its activations forgotten if that is wanted and gradients are on.</summary>
    /// <param name="recompute">Whether to forget them.</param>
    /// <param name="stage">From inputs and text to the output; nothing in it is left to chance.</param>
    /// <param name="context">The text.</param>
    /// <param name="inputs">All else that the output depends on besides the network's weights.</param>
    public static Tensor Run(bool recompute, Func<IReadOnlyList<Tensor>, CrossAttentionContext, Tensor> stage, CrossAttentionContext context, params Tensor[] inputs)
    {
        if (!recompute || !is_grad_enabled()) return stage(inputs, context);
        using var scope = NewDisposeScope();
        if (!context.States.requires_grad && !inputs.Any(input => input.requires_grad)) inputs[0] = inputs[0].detach().requires_grad_(); // its weights may still need the gradient
        return apply([stage, context.States, context.Bias, .. inputs]).MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of a loss. What went wrong in a stage, out of memory say, is thrown here: no exception gets through the native code between.</summary>
    public static void Backward(Tensor loss)
    {
        loss.backward();
        Interlocked.Exchange(ref failure, null)?.Throw();
    }

    /// <summary>The stage's output without its graph, from the stage, the text's states and bias, and the inputs.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        ctx.save_data(StageKey, vars[0]);
        ctx.save_for_backward([.. vars.Skip(1).Cast<Tensor>()]);
        using var output = Computed(vars[0], [.. vars.Skip(1).Select(v => ((Tensor?)v)?.detach())]);
        return output.detach().MoveToOuterDisposeScope();
    }

    /// <summary>Gradients in the order of the forward's arguments; those of the weights are added where they belong.</summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        foreach (var taken in handedOver ?? []) taken.Dispose();
        using var scope = NewDisposeScope();
        Tensor?[] inputs = [.. ctx.get_saved_variables().Select(saved => saved?.detach().requires_grad_(saved.requires_grad))];
        try
        {
            using var output = Computed(ctx.get_data(StageKey), inputs);
            autograd.backward([output], [grad_output]);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        grad_output.Dispose();
        List<Tensor?> gradients = [null, .. inputs.Select(input => input?.grad?.DetachFromDisposeScope())];
        handedOver = [.. gradients.OfType<Tensor>()];
        return gradients!;
    }

    private static Tensor Computed(object stage, Tensor?[] inputs)
    {
        using var graph = enable_grad();
        using var context = CrossAttentionContext.WithBias(inputs[0]!, inputs[1]);
        return ((Func<IReadOnlyList<Tensor>, CrossAttentionContext, Tensor>)stage)([.. inputs.Skip(2).OfType<Tensor>()], context);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// Kernel and bias of a convolution, weight-normalised where the checkpoint has it so: w = g v / |v|, the norm over all axes but
/// the first (Salimans and Kingma 2016). Names as published: <c>weight_g</c>, <c>weight_v</c>, <c>bias</c>, or <c>weight</c>, <c>bias</c>.
/// The folded kernel is kept while the module is in evaluation mode.
/// </summary>
internal abstract class NormedKernel : nn.Module<Tensor, Tensor>
{
    private readonly Parameter? weight_g;
    private readonly Parameter? weight_v;
    private readonly Parameter? weight;
    private readonly Parameter bias;
    private readonly Fold fold = new();

    /// <param name="shape">Of the kernel: (first, second, width).</param>
    /// <param name="fanIn">Inputs that one output sums, for the range of the random start.</param>
    /// <param name="outputs">Channels of the output: the length of the bias.</param>
    /// <param name="weightNorm">Whether the kernel is weight-normalised.</param>
    protected NormedKernel(long[] shape, long fanIn, long outputs, bool weightNorm)
        : base("conv")
    {
        var bound = 1 / Math.Sqrt(fanIn);
        var start = empty(shape).uniform_(-bound, bound);
        if (weightNorm)
        {
            weight_g = new Parameter(Norm(start));
            weight_v = new Parameter(start);
        }
        else
        {
            weight = new Parameter(start);
        }

        bias = new Parameter(empty(outputs).uniform_(-bound, bound));
        RegisterComponents();
    }

    protected Tensor Bias => bias;

    /// <summary>The bias (outputs), without gradient path; the caller must not change it.</summary>
    internal Tensor Shift => bias.detach();

    /// <summary>Channels of the output.</summary>
    internal int Outputs => (int)bias.shape[0];

    /// <summary>The kernel as the convolution uses it, with its gradient path in training.</summary>
    protected Tensor Kernel()
    {
        if (weight is not null) return weight;
        if (training) return Folded();
        if (fold.Kernel is null)
        {
            using var noGrad = no_grad();
            fold.Kernel = Folded().DetachFromDisposeScope();
        }

        return fold.Kernel;
    }

    /// <summary>The kernel that the convolution uses, without gradient path; the caller must not change it.</summary>
    internal Tensor Effective() => (weight ?? Folded()).detach();

    /// <summary>Sets the kernel; where it is normalised, v gets unit norm, so that an optimiser's steps weigh the same in all layers.</summary>
    internal void SetKernel(Tensor kernel, Tensor newBias)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        weight?.copy_(kernel);
        weight_v?.copy_(kernel / Norm(kernel).clamp_min(1e-12));
        weight_g?.copy_(Norm(kernel));
        bias.copy_(newBias);
        Forget();
    }

    public override void train(bool on = true)
    {
        Forget();
        base.train(on);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Forget();
        base.Dispose(disposing);
    }

    private static Tensor Norm(Tensor v) => v.square().sum([1, 2], keepdim: true).sqrt();

    private Tensor Folded()
    {
        using var scope = NewDisposeScope();
        return (weight_v! * (weight_g! / Norm(weight_v!))).MoveToOuterDisposeScope();
    }

    /// <summary>Forgets the folded kernel: the parameters have changed, or will.</summary>
    private void Forget()
    {
        fold.Kernel?.Dispose();
        fold.Kernel = null;
    }

    /// <summary>Keeps the folded kernel out of the module's state dict.</summary>
    private sealed class Fold
    {
        public Tensor? Kernel { get; set; }
    }
}

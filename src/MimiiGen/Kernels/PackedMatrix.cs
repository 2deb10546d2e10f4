using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// Weights laid out as the innermost loop reads them: panels of sixteen outputs, term after term; the last panel filled up with zeros.
/// Held by the garbage collector, at a place that does not move.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private const int Alignment = 64;

    private readonly float[] panels;
    private readonly float[] bias;

    /// <param name="weight">(outputs, terms).</param>
    /// <param name="shift">Added to each row: (outputs); none: nothing.</param>
    public PackedMatrix(Tensor weight, Tensor? shift = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        (Outputs, Terms) = ((int)weight.shape[0], (int)weight.shape[1]);
        var width = Panels * MicroKernel.Panel;
        var padded = nn.functional.pad(weight.detach(), [0, 0, 0, width - Outputs]); // (width, terms)
        panels = Pinned(padded.view(Panels, MicroKernel.Panel, Terms).transpose(1, 2)); // (panels, terms, 16)
        bias = Pinned(shift is null ? zeros(width) : nn.functional.pad(shift.detach(), [0, width - Outputs])); // (width)
    }

    /// <summary>Columns of the product.</summary>
    public int Outputs { get; }

    /// <summary>Terms of each sum.</summary>
    public int Terms { get; }

    /// <summary>Panels of sixteen outputs.</summary>
    public int Panels => (Outputs + MicroKernel.Panel - 1) / MicroKernel.Panel;

    /// <summary>Floats from a panel to the next.</summary>
    public nint PanelSize => (nint)Terms * MicroKernel.Panel;

    /// <summary>First float of the panels (panels, terms, 16).</summary>
    public float* Start => Aligned(panels);

    /// <summary>First float of the bias (16 panels).</summary>
    public float* Bias => Aligned(bias);

    private static float[] Pinned(Tensor values)
    {
        var flat = values.contiguous();
        var array = GC.AllocateArray<float>((int)flat.numel() + (Alignment / sizeof(float)), pinned: true);
        flat.data<float>().CopyTo(new Span<float>(Aligned(array), (int)flat.numel()));
        return array;
    }

    private static float* Aligned(float[] pinned)
    {
        var start = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (float*)((start + Alignment - 1) & ~(nuint)(Alignment - 1));
    }
}

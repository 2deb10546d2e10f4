using MimiiGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection.DenseTraining;

/// <summary>
/// All numbers of one layer in training. Weights lie as the forward product reads them, in panels of sixteen outputs (panels, inputs, 16), and again for the
/// way back, in panels of sixteen inputs (panels, outputs, 16); what is beyond the last output is zero and stays so.
/// </summary>
internal sealed unsafe class LayerMemory
{
    private const int Panel = MicroKernel.Panel;

    private readonly DenseLayer layer;

    public LayerMemory(DenseLayer layer, int rows)
    {
        this.layer = layer;
        (Outputs, Inputs) = ((int)layer.Linear.weight.shape[0], (int)layer.Linear.weight.shape[1]);
        Width = Padded(Outputs);
        Pitch = PitchOf(Outputs);
        Parameters = new TrainedNumbers((Width * Inputs) + (3 * Width));
        Transposed = new AlignedFloats(Padded(Inputs) * Outputs);
        (Output, Gradient) = (new AlignedFloats((rows + 1) * Pitch), new AlignedFloats((rows + 1) * Pitch));
        Normalization = layer.Norm is null ? null : new NormMemory(rows, Width, Pitch);
        Load();
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Outputs filled up to whole panels.</summary>
    public int Width { get; }

    /// <summary>Floats from a row of <see cref="Output"/> and <see cref="Gradient"/> to the next.</summary>
    public int Pitch { get; }

    /// <summary>Weights (panels, inputs, 16), then bias, gain and shift, (width) each.</summary>
    public TrainedNumbers Parameters { get; }

    /// <summary>Weights (panels, outputs, 16).</summary>
    public AlignedFloats Transposed { get; }

    /// <summary>What the next layer gets: (rows, pitch).</summary>
    public AlignedFloats Output { get; }

    /// <summary>The loss by the linear part's results: (rows, pitch).</summary>
    public AlignedFloats Gradient { get; }

    /// <summary>Null where there is none.</summary>
    public NormMemory? Normalization { get; }

    public int Bias => Width * Inputs;

    public int Gain => Bias + Width;

    public int Shift => Gain + Width;

    /// <summary>Floats from a row of so many values to the next: whole cache lines, an odd number, so that the rows of a column share no sets of the cache.</summary>
    public static int PitchOf(int width) => ((Padded(width) / Panel) | 1) * Panel;

    /// <summary>Lays out inputs <paramref name="from"/> to <paramref name="to"/> (excluded) of a panel of outputs for the way back.</summary>
    public void Transpose(int panel, int from, int to)
    {
        var source = Parameters.Values + ((nint)panel * Inputs * Panel);
        var columns = Math.Min(Panel, Outputs - (panel * Panel));
        for (var i = from; i < to; i++)
        {
            var target = Transposed.Start + ((((nint)(i / Panel) * Outputs) + (panel * Panel)) * Panel) + (i % Panel);
            for (var o = 0; o < columns; o++) target[o * Panel] = source[((nint)i * Panel) + o];
        }
    }

    /// <summary>The gradients of shift and gain: sums over the batch (2, width).</summary>
    public void KeepSlopes(float* slopes)
    {
        new ReadOnlySpan<float>(slopes, Width).CopyTo(new Span<float>(Parameters.Gradients + Shift, Width));
        new ReadOnlySpan<float>(slopes + Width, Width).CopyTo(new Span<float>(Parameters.Gradients + Gain, Width));
    }

    /// <summary>Takes the network's numbers.</summary>
    private void Load()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weight = nn.functional.pad(layer.Linear.weight, [0, 0, 0, Width - Outputs]); // (width, inputs)
        Copy(weight.view(-1, Panel, Inputs).transpose(1, 2), Parameters.Values); // (panels, inputs, 16)
        Copy(layer.Linear.bias!, Parameters.Values + Bias);
        for (var panel = 0; panel < Width / Panel; panel++) Transpose(panel, 0, Inputs);
        if (layer.Norm is not { } norm || Normalization is not { } memory) return;
        Copy(norm.weight!, Parameters.Values + Gain);
        Copy(norm.bias!, Parameters.Values + Shift);
        Copy(norm.running_mean!, memory.RunningMean.Start);
        Copy(norm.running_var!, memory.RunningVariance.Start);
    }

    /// <summary>Gives the network what was learned, in so many steps since it was given last.</summary>
    public void Store(long steps)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        layer.Linear.weight.copy_(Named("weight", Parameters.Values));
        layer.Linear.bias!.copy_(Named("bias", Parameters.Values));
        if (layer.Norm is not { } norm || Normalization is not { } memory) return;
        norm.weight!.copy_(Named("gain", Parameters.Values));
        norm.bias!.copy_(Named("shift", Parameters.Values));
        norm.running_mean!.copy_(Of(memory.RunningMean.Start, Outputs));
        norm.running_var!.copy_(Of(memory.RunningVariance.Start, Outputs));
        norm.num_batches_tracked!.add_(steps);
    }

    /// <summary>The last gradients of <c>weight</c>, <c>bias</c>, <c>gain</c> or <c>shift</c> in the network's shape.</summary>
    public Tensor Gradients(string name) => Named(name, Parameters.Gradients);

    /// <summary>Of numbers that lie as the parameters do those of one of them.</summary>
    private Tensor Named(string name, float* numbers) => name switch
    {
        "weight" => Of(numbers, Width * Inputs).view(-1, Inputs, Panel).transpose(1, 2).reshape(Width, Inputs)[..Outputs],
        "bias" => Of(numbers + Bias, Outputs),
        "gain" => Of(numbers + Gain, Outputs),
        _ => Of(numbers + Shift, Outputs),
    };

    private static int Padded(int width) => (width + Panel - 1) / Panel * Panel;

    private static void Copy(Tensor values, float* target)
    {
        var flat = values.contiguous();
        flat.data<float>().CopyTo(new Span<float>(target, (int)flat.numel()));
    }

    private static Tensor Of(float* values, int count) => tensor(new Span<float>(values, count).ToArray());
}

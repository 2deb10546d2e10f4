using System.Runtime.Intrinsics;
using MimiiGen.Kernels;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// The recurrent block over whole sequences: for each of its layers one product for all frames, then frame after frame the product with the state,
/// its units shared out to threads that meet after each frame. An ELU follows.
/// </summary>
internal sealed unsafe class FrameLstm
{
    private const int Gates = 4;
    private const int Group = MicroKernel.Panel;

    private readonly List<(PackedMatrix Input, PackedMatrix State)> layers = [];
    private readonly int dimension;

    public FrameLstm(EncodecLstm module)
    {
        using var scope = NewDisposeScope();
        var weights = module.Layers.state_dict();
        dimension = (int)weights["weight_hh_l0"].shape[1];
        for (var i = 0; weights.ContainsKey($"weight_ih_l{i}"); i++)
            layers.Add((new PackedMatrix(ByGroup(weights[$"weight_ih_l{i}"]), ByGroup(weights[$"bias_ih_l{i}"] + weights[$"bias_hh_l{i}"])), new PackedMatrix(ByGroup(weights[$"weight_hh_l{i}"]))));
    }

    /// <summary>Whether a recurrent block of that dimension fills whole panels.</summary>
    public static bool Serves(int dimension) => dimension % Group == 0;

    /// <param name="frames">(batch, frames, dimension), contiguous.</param>
    /// <returns>ELU of the input plus the last layer's states, same shape.</returns>
    public Tensor Run(Tensor frames)
    {
        var (batch, length) = ((int)frames.shape[0], (int)frames.shape[1]);
        using var gates = empty(batch, length, Gates * dimension);
        var states = empty_like(frames);
        var from = frames;
        foreach (var (input, state) in layers)
        {
            var (x, projected) = ((IntPtr)Memory.Of(from), (IntPtr)Memory.Of(gates));
            Workers.ForRows((long)batch * length, MicroKernel.Rows, (first, last) => RowProduct.Run<Identity>(
                input, [Window.Over((float*)x, (long)batch * length, dimension)], new Target(projected, Gates * dimension), first, last));
            Recur(state, (float*)projected, Memory.Of(states), batch, length);
            from = states;
        }

        var (added, sum) = ((IntPtr)Memory.Of(frames), (IntPtr)Memory.Of(states));
        Workers.ForRows((long)batch * length, 1, (first, last) =>
        {
            for (var i = first * dimension; i < last * dimension; i += Group)
                Elu.Of(Vector512.Load((float*)added + i) + Vector512.Load((float*)sum + i)).Store((float*)sum + i);
        });
        return states;
    }

    private void Recur(PackedMatrix state, float* gates, float* states, int batch, int length)
    {
        var cells = new float[batch * dimension];
        var groups = dimension / Group;
        fixed (float* cell = cells)
        {
            var c = (IntPtr)cell;
            StepTeam.Run(Math.Min(Workers.Count, groups), length, (member, members, step) =>
            {
                for (var group = groups * member / members; group < groups * (member + 1) / members; group++)
                    for (var clip = 0; clip < batch; clip++)
                    {
                        var frame = ((long)clip * length) + step;
                        var state0 = step == 0 ? null : states + ((frame - 1) * dimension);
                        Step(state, group, state0, gates + (((frame * dimension) + (group * Group)) * Gates), (float*)c + (clip * dimension) + (group * Group), states + (frame * dimension) + (group * Group));
                    }
            });
        }
    }

    /// <summary>Sixteen units, one frame: c = f c + i g, h = o tanh c (Hochreiter and Schmidhuber 1997, with PyTorch's order of gates i, f, g, o).</summary>
    private void Step(PackedMatrix matrix, int group, float* state, float* gates, float* cell, float* to)
    {
        var (i, f) = (Vector512.Load(gates), Vector512.Load(gates + Group));
        var (g, o) = (Vector512.Load(gates + (2 * Group)), Vector512.Load(gates + (3 * Group)));
        if (state != null)
        {
            var a = matrix.Start + (group * Gates * matrix.PanelSize);
            var b = a + matrix.PanelSize;
            var c = b + matrix.PanelSize;
            var d = c + matrix.PanelSize;
            for (nint k = 0; k < dimension; k++)
            {
                var x = Vector512.Create(state[k]);
                i = Vector512.FusedMultiplyAdd(x, Vector512.Load(a + (k * Group)), i);
                f = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + (k * Group)), f);
                g = Vector512.FusedMultiplyAdd(x, Vector512.Load(c + (k * Group)), g);
                o = Vector512.FusedMultiplyAdd(x, Vector512.Load(d + (k * Group)), o);
            }
        }

        var next = (VectorFunctions.Sigmoid(f) * Vector512.Load(cell)) + (VectorFunctions.Sigmoid(i) * VectorFunctions.Tanh(g));
        next.Store(cell);
        (VectorFunctions.Sigmoid(o) * VectorFunctions.Tanh(next)).Store(to);
    }

    /// <summary>Rows (gate, group, unit) to (group, gate, unit): the four gates of sixteen units side by side.</summary>
    private static Tensor ByGroup(Tensor rows)
    {
        var groups = rows.shape[0] / Gates / Group;
        return rows.detach().reshape(Gates, groups, Group, -1).transpose(0, 1).reshape(rows.dim() == 1 ? [rows.shape[0]] : [rows.shape[0], -1]);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// Divides a clip's latents into the rms of each row and a shape of unit rms, and joins them again. The mean that a row has over all
/// training clips is taken off first.
/// </summary>
/// <param name="rowMeans">(rows).</param>
internal sealed class LatentShape(float[] rowMeans)
{
    private const double Smallest = 1e-6;
    private const double LeastUsual = 0.125; // of the whole rms: a recording may be silent for most of its seconds

    public float[] RowMeans => rowMeans;

    /// <summary>Latents (rows, frames) to shape (rows, frames) and log rms of each row.</summary>
    public (Tensor Shape, float[] LogRms) Divide(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var centred = latents - Column(latents.device); // (rows, frames)
        return Divided(centred, centred.square().mean([1]).sqrt());
    }

    /// <summary>
    /// The same by each row's usual rms: the root of the median over seconds of its mean square. What a machine does every second is in it, what comes once in a recording, a beep or a blow, is not, and
    /// doesn't make louder what is made anew beside it.
    /// </summary>
    /// <param name="latents">(rows, frames).</param>
    /// <param name="second">Frames of a second.</param>
    public (Tensor Shape, float[] LogRms) DivideByUsual(Tensor latents, int second)
    {
        using var scope = NewDisposeScope();
        var centred = latents - Column(latents.device); // (rows, frames)
        var seconds = Math.Max(1, centred.shape[1] / second);
        var squares = stack(centred.square().tensor_split(seconds, 1).Select(part => part.mean([1]))); // (seconds, rows)
        var usual = squares.sort(0).Values[(seconds - 1) / 2].sqrt(); // (rows)
        return Divided(centred, usual.maximum(squares.mean([0]).sqrt() * LeastUsual));
    }

    /// <summary>
    /// Shape (rows, frames) and log rms to latents (rows, frames). With <paramref name="exact"/> the rows' rms are made to be those very levels,
    /// right where the clip is long enough that a row's rms is a property of the clip and not of the moment.
    /// </summary>
    public Tensor Join(Tensor shape, ReadOnlySpan<float> logRms, bool exact)
    {
        using var scope = NewDisposeScope();
        var rms = tensor(logRms.ToArray(), [logRms.Length, 1], device: shape.device).exp(); // (rows, 1)
        if (exact) rms = rms / (shape.square().mean([1], keepdim: true).sqrt() + Smallest);
        return ((shape * rms) + Column(shape.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Of rows without their mean (rows, frames) and their rms (rows).</summary>
    private static (Tensor Shape, float[] LogRms) Divided(Tensor centred, Tensor rms)
    {
        var divisor = rms.unsqueeze(1) + Smallest; // (rows, 1)
        return ((centred / divisor).MoveToOuterDisposeScope(), divisor.log().cpu().data<float>().ToArray());
    }

    private Tensor Column(Device device) => tensor(rowMeans, [rowMeans.Length, 1], device: device);
}

using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// How loud a span is that was filled in. A sampler of few steps leaves shapes short of their unit rms: where nothing can be predicted its result is the mean of what may be, 2.8 dB too quiet with four steps of the model that ships. Whole
/// clips are brought to their levels row by row; a span may lack what the machine does now and then, so it is brought to unit rms over all rows together, and no farther than a sampler may have left it.
/// </summary>
internal static class SpanLevel
{
    private const double LargestFactor = 1.4142135623730951; // 3 dB

    /// <summary>Shapes (batch, rows, frames) that have, where the mask (batch, 1, frames) is 1, an rms of 1 over rows and frames, if at most 3 dB are missing; else they are 3 dB louder. None becomes quieter.</summary>
    public static Tensor Restore(Tensor shapes, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var squares = (shapes.square() * mask).sum([1, 2], keepdim: true) / (mask.sum([1, 2], keepdim: true) * shapes.shape[1]); // (batch, 1, 1)
        var factor = squares.rsqrt().clamp_(1, LargestFactor);
        return (shapes * (1 + (mask * (factor - 1)))).MoveToOuterDisposeScope();
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>
/// A layer that is fed its input part by part and gives the output as far as it is certain, so that the parts put together are what the layer makes
/// of the whole, to within rounding. Context that the next part needs is kept, not computed anew; so memory doesn't grow with length.
/// </summary>
internal abstract class StreamedLayer : IDisposable
{
    /// <summary>The next part of the output, none where nothing more is certain yet.</summary>
    /// <param name="input">(1, channels, length), or none.</param>
    /// <param name="last">Whether the input ends here; no call may follow.</param>
    public abstract Tensor? Feed(Tensor? input, bool last);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The streamed form of one of the codec's layers.</summary>
    public static StreamedLayer Of(nn.Module<Tensor, Tensor> layer) => layer switch
    {
        EncodecConv1d convolution => new StreamedConv(convolution),
        EncodecConvTranspose1d transposed => new StreamedConvTranspose(transposed),
        EncodecLstm lstm => new StreamedLstm(lstm),
        EncodecResidualBlock block => new StreamedResidual(block),
        _ => new StreamedActivation(layer),
    };

    /// <summary>Replaces what a field keeps from one call to the next.</summary>
    protected static void Keep(ref Tensor? field, Tensor? value)
    {
        var old = field;
        field = value?.DetachFromDisposeScope();
        if (!ReferenceEquals(old, field)) old?.Dispose();
    }

    /// <summary>Two parts as one; a copy, that later parts may be cut from.</summary>
    protected static Tensor? Join(Tensor? before, Tensor? after) =>
        before is null ? after?.clone() : after is null ? before.clone() : cat([before, after], 2); // (1, channels, before + after)
}

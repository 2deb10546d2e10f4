using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>Successive frames of one segment of an encoded waveform.</summary>
/// <param name="Frames">Latents (hidden, frames), or codes (codebooks, frames) as int64; whoever takes the part disposes them.</param>
/// <param name="Segment">Of which segment, counted from 0.</param>
/// <param name="Scale">What the segment was divided by; none where it kept its level.</param>
internal sealed record EncodedPart(Tensor Frames, long Segment, float? Scale)
{
    /// <summary>Frames in this part.</summary>
    public long Count => Frames.shape[1];
}

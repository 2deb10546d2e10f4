using MimiiGen.Codec.Streaming;

namespace MimiiGen.Codec.Files;

/// <summary>An encoded waveform in a file that is being read.</summary>
/// <param name="Stream">The file.</param>
/// <param name="Samples">Samples a channel of the waveform.</param>
/// <param name="Codebooks">Codebooks of the codes; none where the parts are latents.</param>
/// <param name="Parts">To be gone through once.</param>
internal sealed record EncodedFile(Stream Stream, long Samples, int? Codebooks, IEnumerable<EncodedPart> Parts) : IDisposable
{
    /// <summary>Bytes behind the end of the last segment; they mean nothing.</summary>
    public long TrailingBytes { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Stream.Dispose();
}

namespace MimiiGen.Codec.Files;

/// <summary>What was encoded or decoded.</summary>
/// <param name="Codec">Name of the codec.</param>
/// <param name="Seconds">Duration of the waveform.</param>
/// <param name="Frames">Latent frames of all segments.</param>
/// <param name="Codebooks">Codebooks of each frame; none for latents before quantisation.</param>
/// <param name="Bytes">Size of the file that was written.</param>
public sealed record EncodedSound(string Codec, double Seconds, long Frames, int? Codebooks, long Bytes)
{
    /// <summary>kbit/s of the file that was written.</summary>
    public double Bandwidth => Bytes * 8 / Seconds / 1000;
}

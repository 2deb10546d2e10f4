namespace MimiiGen.Audio;

/// <summary>How a WAV file stores a sample.</summary>
public enum WavCodec
{
    /// <summary>Integers, linear; 8 bits are unsigned, more are signed.</summary>
    Pcm,

    /// <summary>IEEE 754 floats of 32 or 64 bits.</summary>
    Float,

    /// <summary>8-bit A-law of ITU-T G.711.</summary>
    ALaw,

    /// <summary>8-bit mu-law of ITU-T G.711.</summary>
    MuLaw,
}

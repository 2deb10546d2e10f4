namespace MimiiGen.Audio;

/// <summary>How <see cref="WavFile"/> stores a sample.</summary>
public enum WavEncoding
{
    /// <summary>16-bit integers, the format of the MIMII recordings.</summary>
    Pcm16,

    /// <summary>24-bit integers.</summary>
    Pcm24,

    /// <summary>32-bit floats: nothing is rounded or clipped.</summary>
    Float32,
}

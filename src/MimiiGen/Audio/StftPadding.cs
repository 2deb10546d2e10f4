namespace MimiiGen.Audio;

/// <summary>What lies beyond the ends of a signal when frames of a short-time Fourier transform are centred on its samples.</summary>
public enum StftPadding
{
    /// <summary>Frames are not centred: the first one begins with the first sample.</summary>
    None,

    /// <summary>Zeros, as librosa pads.</summary>
    Zeros,

    /// <summary>The signal mirrored about its ends, as torch, PANNs, CLAP and EfficientAT pad.</summary>
    Reflection,
}

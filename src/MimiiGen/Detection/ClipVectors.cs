using MimiiGen.Audio;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>Clips as vectors for detectors without a network of their own.</summary>
/// <param name="Name">Names them in a table: log-mel, or an embedding with its settings.</param>
/// <param name="At">For a sample rate in Hz, what makes of a clip its vectors: (rows, values).</param>
public sealed record ClipVectors(string Name, Func<int, Func<Waveform, Tensor>> At)
{
    /// <summary>The frames of the DCASE baseline's log-mel spectrum: (frames, 128) in dB.</summary>
    public static ClipVectors LogMel { get; } = new("log-mel", rate => new LogMelVectors(rate).Spectrum);
}

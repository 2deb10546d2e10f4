using MimiiGen.Audio;

namespace MimiiGen.Generation;

/// <summary>A clip and how it was made.</summary>
/// <param name="Waveform">One channel at the model's output rate.</param>
/// <param name="Record">Enough to make it again.</param>
public sealed record GeneratedClip(Waveform Waveform, ClipRecord Record)
{
    /// <summary>Writes <c>PATH.wav</c> (16 bit) and then its sidecar <c>PATH.json</c>: a sidecar says that its clip is whole.</summary>
    public void Write(string path)
    {
        WavFile.Write(path + ".wav", Waveform);
        Record.Write(path + ".json");
    }
}

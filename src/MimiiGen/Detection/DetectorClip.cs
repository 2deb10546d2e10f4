using MimiiGen.Audio;

namespace MimiiGen.Detection;

/// <summary>A clip as a detector gets it.</summary>
/// <param name="Name">Its file's name, by which a table of scores knows it; tells a detector nothing of the machine's state.</param>
/// <param name="Sound">What it sounds like; the first channel counts.</param>
/// <param name="Domain">source or target; null where the dataset names none, which counts as source.</param>
public sealed record DetectorClip(string Name, Waveform Sound, string? Domain = null);

using MimiiGen.Audio;

namespace MimiiGen.Tests.Evaluation;

/// <summary>The recordings that ship in samples/, by their path in the MIMII layout.</summary>
internal static class Samples
{
    public static Waveform Clip(string path) => WavFile.Read(Path.Combine(RepositoryFolder.Of("samples"), path));

    public static Waveform[] Clips(string folder, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => Clip($"{folder}/{i:d8}.wav"))];
}

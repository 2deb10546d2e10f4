using MimiiGen.Audio;

namespace MimiiGen.Tests.Evaluation.Scoring;

/// <summary>Two folders of short noises in place of recordings, and a cache, for one test.</summary>
internal sealed class ClipFolders : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("score").FullName;

    public string Real => Path.Combine(home, "real");

    public string Generated => Path.Combine(home, "generated");

    public string Cache => Path.Combine(home, "cache");

    public static string Fill(string folder, int clips, int firstSeed, double seconds = 1, int rate = 16000, double level = 0.1)
    {
        for (var i = 0; i < clips; i++) Write(folder, $"{i:d4}.wav", Noise(firstSeed + i, (int)(seconds * rate), level), rate);
        return folder;
    }

    public static string Write(string folder, string name, float[] samples, int rate = 16000)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        WavFile.Write(path, Waveform.Mono(samples, rate));
        return path;
    }

    /// <summary>Noise whose colour follows from the seed.</summary>
    public static float[] Noise(int seed, int samples, double level = 0.1)
    {
        var random = new Random(seed);
        var (memory, colour) = (0.0, random.NextDouble() * 0.9);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)(level * (memory = (colour * memory) + ((1 - colour) * ((2 * random.NextDouble()) - 1)))))];
    }

    public void Dispose() => Directory.Delete(home, recursive: true);
}

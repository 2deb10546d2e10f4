using MimiiGen.Audio;

namespace MimiiGen.Tests.Datasets;

/// <summary>A folder of short recordings under any names, gone when disposed.</summary>
internal sealed class FakeTree : IDisposable
{
    private int made;

    public string Root { get; } = Directory.CreateTempSubdirectory("tree").FullName;

    public FakeTree Wave(params string[] names) => Wave(1, names);

    /// <summary>No two files hold the same bytes.</summary>
    public FakeTree Wave(int channels, params string[] names)
    {
        foreach (var name in names)
        {
            var chance = new Random(made++);
            var samples = Enumerable.Range(0, channels).Select(_ => Enumerable.Range(0, 4000).Select(_ => (float)(0.1 * (chance.NextDouble() - 0.5))).ToArray()).ToArray();
            WavFile.Write(In(name), new Waveform(samples, 16000));
        }

        return this;
    }

    public FakeTree Text(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text);
        return this;
    }

    public string In(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

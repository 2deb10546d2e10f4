using MimiiGen.Training;

namespace MimiiGen.Tests.Training;

/// <summary>Made-up recordings, and a model folder that was trained on them for a few steps.</summary>
public sealed class TinyModel : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tinymodel").FullName;

    public TinyModel()
    {
        Codec = TinyNetworks.WriteCodec(Path.Combine(root, "codec"));
        using var trainer = new GeneratorTrainer(TinyNetworks.Generator, TinyNetworks.Settings, Path.Combine(root, "run"), Codec, Recordings.ForTraining);
        trainer.Run();
        Folder = Path.Combine(root, "run", "model");
    }

    public string Codec { get; }

    public string Folder { get; }

    internal TinyRecordings Recordings { get; } = new();

    public void Dispose()
    {
        Recordings.Dispose();
        Directory.Delete(root, recursive: true);
    }
}

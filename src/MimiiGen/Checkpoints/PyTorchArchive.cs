using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>An open file of torch.save: what it holds as a tree, and the storages that its tensors are views of.</summary>
internal abstract class PyTorchArchive : IDisposable
{
    /// <summary>The saved object, as <see cref="PickleReader.Read"/> describes it.</summary>
    public object? Root { get; protected init; }

    /// <summary>Opens either format by its first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="numbers">Whether numbers of numpy may lie in it too.</param>
    /// <exception cref="BadInputException">It is neither, is cut, or asks for more than weights need.</exception>
    public static PyTorchArchive Open(string path, bool numbers = false)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such PyTorch file");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            var first = stream.ReadByte();
            stream.Position = 0;
            return first switch
            {
                'P' => new PyTorchZip(stream, path, numbers),
                0x80 => new PyTorchLegacy(stream, path, numbers),
                _ => throw new BadInputException($"{path}: not a file of torch.save (neither zip nor pickle); if it is the text of a large-file pointer, fetch the file itself"),
            };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The numbers of a storage (elements); the caller disposes them.</summary>
    public abstract Tensor Load(PickledStorage storage, ElementType type);

    public abstract void Dispose();
}

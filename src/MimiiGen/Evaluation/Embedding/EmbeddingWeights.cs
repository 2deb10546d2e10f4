using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>A file of published weights, safetensors or what torch.save writes.</summary>
/// <param name="Path">The file.</param>
internal sealed record EmbeddingWeights(string Path)
{
    private static readonly string[] Kinds = [".safetensors", ".pth", ".pt", ".bin", ".ckpt"];

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; } = FileHash.Sha256(Path);

    /// <summary>The file itself, or the one in a folder; safetensors before pickles.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="wanted">Which names of files are meant, where a folder holds several.</param>
    /// <exception cref="BadInputException">There is none, or more than one of a kind.</exception>
    public static EmbeddingWeights Find(string path, Func<string, bool>? wanted = null)
    {
        if (File.Exists(path)) return new EmbeddingWeights(path);
        if (!Directory.Exists(path)) throw new BadInputException($"{path}: no such file or folder of weights");
        foreach (var kind in Kinds)
        {
            string[] files = [.. Directory.GetFiles(path, "*" + kind).Where(file => wanted?.Invoke(System.IO.Path.GetFileName(file)) != false).Order(StringComparer.Ordinal)];
            if (files.Length > 1) throw new BadInputException($"{path} holds several files of weights ({string.Join(", ", files.Select(System.IO.Path.GetFileName))}); name one of them");
            if (files.Length == 1) return new EmbeddingWeights(files[0]);
        }

        throw new BadInputException($"{path}: no weights in it ({string.Join(", ", Kinds)})");
    }

    /// <summary>All tensors by name; the current dispose scope, or the caller, frees them.</summary>
    public Dictionary<string, Tensor> Read() => Path.EndsWith(Kinds[0], StringComparison.Ordinal) ? SafeTensors.Read(Path) : PyTorchFile.Read(Path, numbers: true);

    /// <summary>Fills a network and puts it in evaluation mode.</summary>
    /// <param name="network">Filled in place.</param>
    /// <param name="ignore">Names in the file that it doesn't need.</param>
    /// <exception cref="BadInputException">The tensors don't fit.</exception>
    public void Fill(nn.Module network, Func<string, bool>? ignore = null)
    {
        using var scope = NewDisposeScope();
        ModelWeights.Fill(network, Read(), Path, ignore);
        network.eval();
    }
}

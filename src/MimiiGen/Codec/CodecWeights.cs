using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>Finds and reads the weights of a codec, whoever published them.</summary>
internal static class CodecWeights
{
    private static readonly string[] FileNames = ["model.safetensors", "pytorch_model.bin"];

    /// <summary>The file of weights in a codec's folder: <c>model.safetensors</c>, <c>pytorch_model.bin</c>, or its only <c>.th</c>.</summary>
    /// <exception cref="BadInputException">There is none, or several <c>.th</c>.</exception>
    public static string Find(string folder)
    {
        if (Array.Find(FileNames, name => File.Exists(Path.Combine(folder, name))) is { } known) return Path.Combine(folder, known);
        var packages = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.th") : [];
        return packages.Length == 1 ? packages[0] : throw new BadInputException(
            $"{folder}: {(packages.Length == 0 ? "no weights; a codec's folder has model.safetensors, pytorch_model.bin or the encodec package's .th" : "several .th files; leave the one that is meant")}");
    }

    /// <summary>Whether a path is a file of PyTorch's rather than of safetensors.</summary>
    public static bool IsPyTorch(string path) => Path.GetExtension(path) is ".th" or ".bin" or ".pt" or ".pth";

    /// <summary>Fills a model.</summary>
    /// <exception cref="BadInputException">A tensor is missing, extra or of another shape: named as the file names it.</exception>
    public static void Load(EncodecModel model, string path)
    {
        using var scope = NewDisposeScope();
        var tensors = IsPyTorch(path) ? PyTorchFile.Read(path) : SafeTensors.Read(path);
        Fill(model, tensors, path);
    }

    /// <summary>Fills a model from tensors by the names of their file, which errors name.</summary>
    public static void Fill(EncodecModel model, IReadOnlyDictionary<string, Tensor> tensors, string path) =>
        ModelWeights.Fill(model, tensors, path, WeightNames.IsStatistic, WeightNames.Of(model, tensors.Keys).InFile);

    /// <summary>Which of the two published models a lone file of the encodec package holds: only that of 24 kHz is weight-normalised.</summary>
    public static EncodecConfig ConfigOf(string path)
    {
        using var scope = NewDisposeScope();
        var names = PyTorchFile.Read(path).Keys;
        return names.Any(n => n.EndsWith(".norm.weight", StringComparison.Ordinal)) ? EncodecConfig.Published48 : EncodecConfig.Published24;
    }
}

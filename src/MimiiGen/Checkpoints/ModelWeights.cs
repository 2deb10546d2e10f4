using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>Moves weights between a module and a safetensors file, by the names of the module's state dict.</summary>
public static class ModelWeights
{
    /// <summary>Fills a module; half-precision files are widened to the module's own type.</summary>
    /// <param name="module">Filled in place.</param>
    /// <param name="path">A safetensors file.</param>
    /// <param name="ignore">Names in the file that the module does not need.</param>
    /// <exception cref="BadInputException">A tensor is missing, extra, or has another shape; it is named with both shapes and the file.</exception>
    public static void Load(nn.Module module, string path, Func<string, bool>? ignore = null)
    {
        using var scope = NewDisposeScope();
        Fill(module, SafeTensors.Read(path), path, ignore);
    }

    /// <summary>Fills a module from tensors by name.</summary>
    /// <param name="module">Filled in place.</param>
    /// <param name="tensors">By their names in the file.</param>
    /// <param name="source">Named in errors.</param>
    /// <param name="ignore">Names in the file that the module does not need.</param>
    /// <param name="nameInFile">What the file calls a tensor of the module; none where both use the same names.</param>
    /// <exception cref="BadInputException">As for <see cref="Load"/>.</exception>
    public static void Fill(
        nn.Module module, IReadOnlyDictionary<string, Tensor> tensors, string source, Func<string, bool>? ignore = null, Func<string, string>? nameInFile = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(tensors);
        using var noGrad = no_grad();
        var state = module.state_dict().ToDictionary(entry => nameInFile?.Invoke(entry.Key) ?? entry.Key, entry => entry.Value, StringComparer.Ordinal);
        foreach (var (name, target) in state)
        {
            if (!tensors.TryGetValue(name, out var value))
                throw new BadInputException($"{source}: tensor '{name}' [{Shape(target)}] is missing");
            if (!value.shape.SequenceEqual(target.shape))
                throw new BadInputException($"{source}: tensor '{name}' has shape [{Shape(value)}], the model needs [{Shape(target)}]");
            target.copy_(value);
        }

        foreach (var (name, value) in tensors)
            if (!state.ContainsKey(name) && ignore?.Invoke(name) != true)
                throw new BadInputException($"{source}: tensor '{name}' [{Shape(value)}] belongs to no part of the model");
    }

    /// <summary>Writes a module's state, floating-point tensors in the given type.</summary>
    public static void Save(nn.Module module, string path, ScalarType type = ScalarType.Float32, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        SafeTensors.Write(path, module.state_dict().ToDictionary(p => p.Key, p => p.Value.is_floating_point() ? p.Value.to(type) : p.Value), metadata);
    }

    private static string Shape(Tensor tensor) => string.Join(", ", tensor.shape);
}

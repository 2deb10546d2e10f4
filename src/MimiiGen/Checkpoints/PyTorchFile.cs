using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Checkpoints;

/// <summary>
/// Reads the tensors of .pt, .pth, .th and pytorch_model.bin files: what torch.save writes, in its zip format and in the older one. Such a file is
/// a program; nothing of it is ever run, and a file that asks for more than weights need is refused.
/// </summary>
public static class PyTorchFile
{
    private const int DeepestNesting = 100;

    // under which names training programs keep the weights, the most telling first
    private static readonly string[] StateNames = ["state_dict", "model_state_dict", "best_state", "model"];

    /// <summary>
    /// The weights: the saved object itself, or where that only wraps them, what lies under state_dict, model_state_dict, best_state or model.
    /// Names are those of the state dict; deeper levels are joined by <c>/</c>. Tensors of one storage share memory. The caller disposes them.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Names to read; all where it is null.</param>
    /// <param name="numbers">
    /// Whether numbers and arrays of numpy may lie beside the weights, as in checkpoints that keep what their training stood at; nothing of them is kept. Off
    /// as in torch.load with weights_only.
    /// </param>
    /// <exception cref="BadInputException">No file of torch.save, a cut one, or one that asks for more than weights need.</exception>
    public static Dictionary<string, Tensor> Read(string path, Func<string, bool>? wanted = null, bool numbers = false) => Read(path, State, wanted, numbers);

    /// <summary>Every tensor of the file by its path in the saved object, such as <c>optimizer/state/0/exp_avg</c>; a lone tensor has an empty path.</summary>
    /// <exception cref="BadInputException">As for <see cref="Read(string, Func{string, bool}, bool)"/>.</exception>
    public static Dictionary<string, Tensor> ReadAll(string path) => Read(path, root => root, wanted: null, numbers: false);

    private static Dictionary<string, Tensor> Read(string path, Func<object?, object?> choose, Func<string, bool>? wanted, bool numbers)
    {
        using var archive = PyTorchArchive.Open(path, numbers);
        var views = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        Collect(choose(archive.Root), "", views, new HashSet<object>(ReferenceEqualityComparer.Instance), 0, path);
        using var scope = NewDisposeScope();
        var loaded = new Dictionary<(string Key, ElementType Type), Tensor>();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, view) in views)
        {
            if (wanted?.Invoke(name) == false) continue;
            var of = (view.Storage.Key, view.Type);
            if (!loaded.TryGetValue(of, out var storage)) loaded[of] = storage = archive.Load(view.Storage, view.Type);
            tensors.Add(name, storage.as_strided(view.Shape, view.Strides, view.Offset).MoveToOuterDisposeScope());
        }

        return tensors;
    }

    /// <summary>Goes down through wrappers until a level holds tensors.</summary>
    private static object? State(object? root)
    {
        for (var depth = 0; depth < DeepestNesting && root is PickledDict dict && !dict.Items.Exists(i => i.Value is PickledTensor); depth++)
        {
            var inner = Array.Find(StateNames, name => dict[name] is PickledDict);
            if (inner is null) break;
            root = dict[inner];
        }

        return root;
    }

    /// <summary>A container that occurs in several places is taken at the first; so neither cycles nor towers of references take long.</summary>
    private static void Collect(object? node, string at, Dictionary<string, PickledTensor> found, HashSet<object> seen, int depth, string path)
    {
        if (depth > DeepestNesting) throw new BadInputException($"{path}: nested deeper than {DeepestNesting} levels");
        if (node is PickledTensor tensor) found[at] = tensor;
        else if (node is null || node.GetType().IsValueType || !seen.Add(node)) return;
        else
            foreach (var (key, child) in Children(node))
                Collect(child, at.Length == 0 ? key : $"{at}/{key}", found, seen, depth + 1, path);
    }

    private static IEnumerable<(string Key, object? Child)> Children(object node) => node switch
    {
        PickledDict dict => dict.Items.Select(item => ($"{item.Key}", item.Value)),
        List<object?> list => list.Select((child, i) => ($"{i}", child)),
        object?[] tuple => tuple.Select((child, i) => ($"{i}", child)),
        _ => [],
    };
}

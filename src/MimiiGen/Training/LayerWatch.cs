using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Finds the first layer whose output is not finite when a forward is run again.</summary>
internal static class LayerWatch
{
    /// <summary>The layer's name in the module's checkpoint; null where all outputs are finite.</summary>
    /// <param name="module">Whose layers are watched.</param>
    /// <param name="forward">Run once, with gradients, so that the layers are torch's.</param>
    public static string? FirstNonFinite(nn.Module module, Action forward)
    {
        string? first = null;
        var removals = new List<Action>();
        foreach (var (name, layer) in module.named_modules())
        {
            if (layer is not nn.Module<Tensor, Tensor> leaf || layer.children().Any()) continue;
            var hook = leaf.register_forward_hook((_, _, output) =>
            {
                if (!AllFinite(output)) first ??= name;
                return output;
            });
            removals.Add(hook.remove);
        }

        try
        {
            forward();
        }
        finally
        {
            foreach (var remove in removals) remove();
        }

        return first;
    }

    private static bool AllFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.isfinite().all().ToBoolean();
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>
/// New weights of a T5 model, drawn from a normal distribution, or left unset where a checkpoint fills them: drawing takes seconds for a
/// large model, and memory that was never written to costs nothing until it is.
/// </summary>
internal static class T5InitialWeights
{
    [ThreadStatic]
    private static bool unset;

    /// <summary>A parameter (rows, columns) of that deviation.</summary>
    public static Parameter Normal(int rows, int columns, double deviation)
    {
        var weight = new Parameter(empty(rows, columns));
        weight.DetachFromDisposeScope();
        if (!unset) nn.init.normal_(weight, 0, deviation);
        return weight;
    }

    /// <summary>What <paramref name="build"/> builds, without drawing its weights.</summary>
    public static TModule Unset<TModule>(Func<TModule> build)
        where TModule : nn.Module
    {
        unset = true;
        try
        {
            return build();
        }
        finally
        {
            unset = false;
        }
    }
}

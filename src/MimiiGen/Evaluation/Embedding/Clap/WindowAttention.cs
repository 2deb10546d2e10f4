using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>Attention within windows of 8 x 8 patches; where two patches lie to one another comes in as a bias (Swin, arXiv 2103.14030).</summary>
internal sealed class WindowAttention : SelfAttention
{
    /// <summary>Patches along a side of a window.</summary>
    public const int Window = 8;

    private const int Tokens = Window * Window;

    private readonly Parameter relative_position_bias_table;
    private readonly Tensor index; // (tokens * tokens), int64: which row of the table belongs to a pair of patches
    private readonly int heads;

    public WindowAttention(int width, int heads)
        : base(width, heads)
    {
        this.heads = heads;
        relative_position_bias_table = nn.Parameter(zeros((2 * Window) - 1, (2 * Window) - 1, heads).reshape(-1, heads)); // (225, heads)
        index = tensor(Pairs()).DetachFromDisposeScope();
        register_parameter(nameof(relative_position_bias_table), relative_position_bias_table);
    }

    /// <summary>Attention in each window.</summary>
    /// <param name="x">(pictures * windows, 64, width).</param>
    /// <param name="mask">(windows, 64, 64), very negative where patches are no neighbours; null where all are.</param>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var bias = relative_position_bias_table.index_select(0, index.to(x.device)).view(Tokens, Tokens, heads).permute(2, 0, 1).unsqueeze(0); // (1, heads, 64, 64)
        if (mask is not null) bias = (bias + mask.to(x.device).unsqueeze(1)).repeat(x.shape[0] / mask.shape[0], 1, 1, 1); // (pictures * windows, heads, 64, 64)
        return base.forward(x, bias).MoveToOuterDisposeScope();
    }

    private static long[] Pairs() =>
    [
        .. from a in Enumerable.Range(0, Tokens)
           from b in Enumerable.Range(0, Tokens)
           let rows = (a / Window) - (b / Window) + Window - 1
           let columns = (a % Window) - (b % Window) + Window - 1
           select (long)((rows * ((2 * Window) - 1)) + columns),
    ];
}

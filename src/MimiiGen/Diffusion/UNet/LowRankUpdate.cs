using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// What a linear layer's output gains from a matrix of low rank, B A x (LoRA, Hu et al. 2022, eq. 3, with alpha equal to the rank). B begins at zero, so that a
/// new update changes nothing.
/// </summary>
internal sealed class LowRankUpdate : nn.Module<Tensor, Tensor>
{
    private readonly Linear lora_A, lora_B;

    public LowRankUpdate(long inputs, long outputs, int rank)
        : base(nameof(LowRankUpdate))
    {
        lora_A = nn.Linear(inputs, rank, hasBias: false);
        lora_B = nn.Linear(rank, outputs, hasBias: false);
        nn.init.zeros_(lora_B.weight);
        RegisterComponents();
    }

    /// <summary>(rank, inputs).</summary>
    public Tensor Down => lora_A.weight!;

    /// <summary>(outputs, rank).</summary>
    public Tensor Up => lora_B.weight!;

    public override Tensor forward(Tensor tokens) // (batch, positions, inputs)
    {
        using var low = lora_A.call(tokens); // (batch, positions, rank)
        return lora_B.call(low); // (batch, positions, outputs)
    }
}

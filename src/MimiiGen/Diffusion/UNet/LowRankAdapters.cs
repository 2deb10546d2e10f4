using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// Low-rank updates of all projections in a U-Net's attentions (LoRA, Hu et al. 2022): a few parameters to train while the network stays as it is. The file is
/// diffusers' <c>pytorch_lora_weights.safetensors</c>: <c>unet.LAYER.lora_A.weight</c> (rank, inputs) and <c>unet.LAYER.lora_B.weight</c> (outputs, rank).
/// </summary>
public sealed class LowRankAdapters : nn.Module
{
    private const string Prefix = "unet.";
    private const string DownSuffix = ".lora_A.weight";
    private const string UpSuffix = ".lora_B.weight";

    private readonly List<(string Layer, LowRankUpdate Update)> updates = [];

    /// <summary>Adds updates to a network; they change nothing until they are trained.</summary>
    /// <param name="unet">The network; stays the caller's.</param>
    /// <param name="rank">Of each update, 1 or more.</param>
    /// <exception cref="BadInputException">The rank makes no sense, or the network has no attention.</exception>
    public LowRankAdapters(UNet2DConditionModel unet, int rank)
        : base(nameof(LowRankAdapters))
    {
        ArgumentNullException.ThrowIfNull(unet);
        Rank = rank;
        if (rank < 1) throw new BadInputException($"LoRA of rank {rank}: give 1 or more; 4 to 32 are usual");
        foreach (var (name, module) in unet.named_modules())
        {
            if (module is not Attention attention) continue;
            foreach (var (projection, layer) in attention.Projections)
            {
                var update = new LowRankUpdate(layer.weight!.shape[1], layer.weight.shape[0], rank);
                attention.Attach(projection, update);
                updates.Add(($"{name}.{projection}", update));
                register_module($"{name}.{projection}".Replace('.', '_'), update); // no dots in a module's name
            }
        }

        if (updates.Count == 0) throw new BadInputException("LoRA needs a U-Net with attention; this one has none");
    }

    /// <summary>Of each update.</summary>
    public int Rank { get; }

    /// <summary>Writes the updates.</summary>
    public void Save(string path)
    {
        using var noGrad = no_grad();
        SafeTensors.Write(path, updates.SelectMany(u => new[] { (Key: Prefix + u.Layer + DownSuffix, u.Update.Down), (Key: Prefix + u.Layer + UpSuffix, u.Update.Up) })
            .ToDictionary(p => p.Key, p => p.Item2, StringComparer.Ordinal));
    }

    /// <summary>Adds the updates of a file to a network's weights: W + B A.</summary>
    /// <param name="unet">Changed in place.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file holds something else, or updates of another network.</exception>
    public static void Merge(UNet2DConditionModel unet, string path)
    {
        ArgumentNullException.ThrowIfNull(unet);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var stored = SafeTensors.Read(path);
        var weights = unet.state_dict();
        foreach (var (name, down) in stored)
        {
            if (name.EndsWith(UpSuffix, StringComparison.Ordinal) && stored.ContainsKey(name[..^UpSuffix.Length] + DownSuffix)) continue;
            var layer = name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(DownSuffix, StringComparison.Ordinal) ? name[Prefix.Length..^DownSuffix.Length] : "";
            if (!stored.TryGetValue(Prefix + layer + UpSuffix, out var up) || !weights.TryGetValue(layer + ".weight", out var weight)
                || weight.dim() != 2 || up.dim() != 2 || down.dim() != 2 || up.shape[0] != weight.shape[0] || down.shape[1] != weight.shape[1] || up.shape[1] != down.shape[0])
                throw new BadInputException($"{path}: tensor '{name}' [{string.Join(", ", down.shape)}] is no half of an update of this U-Net");
            weight.add_(up.to(weight.dtype).matmul(down.to(weight.dtype)).to(weight.device)); // (outputs, inputs)
        }
    }
}

using MimiiGen.Checkpoints;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>A U-Net as diffusers writes it: <c>config.json</c> and <c>diffusion_pytorch_model.safetensors</c> or <c>.bin</c>.</summary>
public static class UNetFolder
{
    private static readonly string[] FileNames = ["diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin"];

    /// <summary>The file of weights.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Weights(string folder) =>
        FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new BadInputException($"{folder}: no U-Net's weights; expected {string.Join(" or ", FileNames)}");

    /// <summary>Reads config and weights.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, or weights and config don't belong together.</exception>
    public static UNet2DConditionModel Load(string folder)
    {
        using var scope = NewDisposeScope();
        var path = Weights(folder);
        var unet = new UNet2DConditionModel(UNetConfig.Read(Path.Combine(folder, "config.json")));
        ModelWeights.Fill(unet, path.EndsWith(".bin", StringComparison.Ordinal) ? PyTorchFile.Read(path) : SafeTensors.Read(path), path);
        foreach (var tensor in unet.state_dict().Values) tensor.DetachFromDisposeScope();
        return unet;
    }
}

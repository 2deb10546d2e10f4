using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Text;
using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Tests.Training;

/// <summary>Networks that train in seconds: every kind of layer of the shipped ones, few of each.</summary>
internal static class TinyNetworks
{
    public static EncodecConfig Codec { get; } = EncodecConfig.Lapped with { NumFilters = 8, HiddenSize = 32, CodebookSize = 16, TargetBandwidths = [0.3, 0.9] };

    public static GeneratorArchitecture Generator { get; } = GeneratorArchitecture.Small with
    {
        Layout = new LatentLayout(4, 8),
        UNet = GeneratorArchitecture.Small.UNet with
        {
            InChannels = 4,
            OutChannels = 4,
            BlockOutChannels = [16, 32],
            DownBlockTypes = ["DownBlock2D", "CrossAttnDownBlock2D"],
            UpBlockTypes = ["CrossAttnUpBlock2D", "UpBlock2D"],
            CrossAttentionDim = [16],
            AttentionHeadDim = [4],
            NormNumGroups = 8,
            ProjectionClassEmbeddingsInputDim = 32,
        },
        Text = T5Config.SmallByteLevel with { DModel = 16, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2 },
    };

    public static GeneratorTrainingSettings Settings { get; } = new() { Steps = 8, BatchSize = 2, CropFrames = 24, CheckpointEvery = 4, FullLengthShare = 0.25, LatentBandwidth = null };

    /// <summary>Writes a codec that is a lapped transform, untrained.</summary>
    public static string WriteCodec(string folder)
    {
        using var model = new EncodecModel(Codec);
        LappedStart.Apply(model, seed: 1, highest: 8000);
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), Codec.ToJson());
        ModelWeights.Save(model, Path.Combine(folder, "model.safetensors"), torch.ScalarType.Float16);
        return folder;
    }
}

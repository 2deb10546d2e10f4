using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>The shipped model's parts and a whole clip of 10 s.</summary>
internal static class ShippedModelBench
{
    private const int Tokens = 96;

    public static IEnumerable<Measurement> Run(string folder)
    {
        using var model = SoundModel.Load(folder);
        var frames = model.Config.TrainedFrames;
        var (channels, height) = (model.Config.Layout.Channels, model.Config.Layout.Height);
        var metadata = model.Config.Conditions[0].Metadata;
        var branches = model.Config.Guidance > 1 ? 2 : 1;
        using var sample = randn(branches, channels, height, frames);
        using var time = full(branches, 500f);
        using var text = randn(branches, Tokens, model.UNet.Config.CrossAttentionDim[0]);
        using var levels = randn(branches, model.Levels.Rows);
        using var latents = randn(1, model.Config.Layout.Dimensions, frames) * 0.1;
        yield return Work.Measure("caption to embedding", null, () => model.EmbedCaption(model.Config.Conditions[0].Caption));
        yield return Work.Measure(
            $"U-Net, {branches} x {channels} x {height} x {frames}", UNetOperations.Count(model.UNet, branches, height, frames, Tokens), () => model.UNet.forward(sample, time, text, null, levels));
        yield return Work.Measure($"decoder, {frames} frames", CodecOperations.Decode(model.Codec.Config, frames), () => model.Codec.Decode(latents));
        var generator = new ClipGenerator(model, new SamplingSettings());
        var request = ClipRequest.For(metadata, seed: 1, seconds: 10);
        yield return Work.Measure($"clip of 10 s, {generator.Steps} steps, guidance {generator.GuidanceScale}", null, () => generator.Generate(request));
    }
}

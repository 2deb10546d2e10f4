using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using MimiiGen.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Writes what a run has reached as a model folder.</summary>
/// <param name="architecture">Of the generator.</param>
/// <param name="settings">Of the run.</param>
/// <param name="codecFolder">Copied.</param>
/// <param name="store">Has conditions and levels.</param>
internal sealed class GeneratorModelFolder(GeneratorArchitecture architecture, GeneratorTrainingSettings settings, string codecFolder, LatentStore store)
{
    public const int LongestCaption = 256;

    /// <summary>Writes the folder, with the whole U-Net or, where there are adapters, these alone.</summary>
    public void Write(string target, string name, GeneratorNetworks networks, LowRankAdapters? adapters, (int Steps, double Guidance)? sampling)
    {
        Directory.CreateDirectory(target);
        var start = settings.Start;
        var config = new SoundModelConfig
        {
            Name = name,
            Layout = architecture.Layout,
            TextEncoder = architecture.TextEncoder,
            Base = adapters is null ? null : new BaseModel(start!.Folder, start.UNetSha256),
            MaxTokens = LongestCaption,
            TrainedFrames = Math.Max((int)store.Shapes.Max(s => s.shape[1]), start?.Own?.TrainedFrames ?? 0),
            OutputRate = store.OutputRate,
            EncodedRms = TrainingClips.ReferenceRms,
            LatentBandwidth = settings.LatentBandwidth,
            RequantizeBandwidth = settings.RequantizeBandwidth,
            RowMeans = store.RowMeans,
            Conditions = store.Conditions,
        };
        if (start?.Own is { } own) config = config with { Steps = own.Steps, Guidance = own.Guidance };
        if (sampling is var (steps, guidance)) config = config with { Steps = steps, Guidance = guidance };
        config.Write(Path.Combine(target, "config.json"));
        store.Levels.Write(Path.Combine(target, SoundModel.LevelsFile));
        var sampler = sampling is null ? architecture.Sampler : architecture.Sampler with { ClassName = "DDIMScheduler", TimestepSpacing = TimestepSpacing.Trailing, SetAlphaToOne = true, Eta = 0 };
        sampler.Write(Path.Combine(target, "scheduler", "scheduler_config.json"));
        if (adapters is not null)
        {
            Directory.CreateDirectory(Path.Combine(target, "unet"));
            adapters.Save(Path.Combine(target, SoundModel.LoraWeights));
            return;
        }

        Directory.CreateDirectory(Path.Combine(target, "codec"));
        foreach (var file in new[] { "config.json", "model.safetensors" }) File.Copy(Path.Combine(codecFolder, file), Path.Combine(target, "codec", file), overwrite: true);
        architecture.UNet.Write(Path.Combine(target, "unet", "config.json"));
        ModelWeights.Save(networks.UNet, Path.Combine(target, SoundModel.UNetWeights), ScalarType.Float16);
        if (networks.Text is null) return;
        architecture.Text.Write(Path.Combine(target, "text_encoder", "config.json"));
        ModelWeights.Save(networks.Text, Path.Combine(target, SoundModel.TextWeights), ScalarType.Float16);
    }
}

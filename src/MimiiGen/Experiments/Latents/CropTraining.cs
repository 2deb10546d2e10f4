using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>The training of a small network on crops of the training clips, kept in a folder.</summary>
internal static class CropTraining
{
    private const int Batch = 4;
    private const double Rate = 1e-3;

    /// <summary>Trains, or reads what was trained before.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Has the clips.</param>
    /// <param name="folder">Where its weights go.</param>
    /// <param name="cropFrames">Length of a crop in frames of the codec's hop.</param>
    /// <param name="loss">Of crops (batch, samples).</param>
    /// <param name="stage">For progress.</param>
    /// <param name="progress">Step by step.</param>
    /// <param name="stop">Checked between steps.</param>
    public static void Run(nn.Module network, StudyData data, string folder, int cropFrames, Func<Tensor, Tensor> loss, string stage, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        var path = Path.Combine(folder, "model.safetensors");
        if (File.Exists(path))
        {
            ModelWeights.Load(network, path);
            network.eval();
            return;
        }

        var codec = EncodecConfig.Load(Path.Combine(data.Options.Codec, "config.json"));
        float[][] clips = [.. TrainingClips.Read(data.Training, codec.SamplingRate).Select(c => c.Samples)];
        var length = cropFrames * codec.HopLength;
        var chance = new Random((int)(data.Options.Seed & int.MaxValue));
        manual_seed((long)(data.Options.Seed & long.MaxValue)).Dispose();
        using var optimizer = optim.Adam(network.parameters(), Rate);
        network.train();
        for (var step = 0; step < data.Options.RepresentationSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var value = loss(stack(Enumerable.Range(0, Batch).Select(_ => Crop(clips[chance.Next(clips.Length)], length, chance))));
            value.backward();
            nn.utils.clip_grad_norm_(network.parameters(), 1);
            optimizer.step();
            progress?.Report(new WorkProgress(stage, step + 1, data.Options.RepresentationSteps, $"loss {value.ToDouble():0.000}"));
        }

        network.eval();
        ModelWeights.Save(network, path, ScalarType.Float32);
    }

    private static Tensor Crop(float[] clip, int length, Random chance)
    {
        if (clip.Length < length) clip = [.. Enumerable.Range(0, length).Select(i => clip[i % clip.Length])];
        return tensor(clip.AsSpan(chance.Next(clip.Length - length + 1), length).ToArray());
    }
}

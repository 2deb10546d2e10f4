using System.Diagnostics;
using System.Text.Json.Nodes;
using MimiiGen.Diffusion;
using MimiiGen.Optimization;
using MimiiGen.Runtime;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>One step of training.</summary>
/// <param name="Seconds">That it took.</param>
/// <param name="Loss">Before the step.</param>
/// <param name="Peak">The most bytes the process held.</param>
internal sealed record TrainingStep(double Seconds, double Loss, long Peak);

/// <summary>
/// Steps of training of each U-Net on clips of 16 x 8 x 750 (forward, squared error, backward, gradients clipped, AdamW), ours and PyTorch's in turn,
/// and the memory that one more clip in the batch takes at its peak.
/// </summary>
internal static class TrainingBench
{
    private const double Tolerance = 1e-3; // of the loss: the same step, or not
    private const int Tokens = 32;
    private const int Batch = 2;
    private const int Single = 2; // steps on one clip, before one on the whole batch that only warms up

    /// <param name="model">Folder of the shipped model, whose U-Net PyTorch's peer hasn't got.</param>
    /// <param name="peer">PyTorch; null: not measured.</param>
    /// <param name="rounds">Measured steps of each.</param>
    public static IEnumerable<string> Run(string model, PyTorchPeer? peer, int rounds)
    {
        var works = Path.Combine(AppContext.BaseDirectory, "Works");
        yield return Measure("small8m-noattn0", Path.Combine(works, "unet-small8m-noattn0.json"), peer, rounds);
        yield return Measure("shipped model", Path.Combine(model, "unet", "config.json"), null, rounds);
        yield return Measure("audioldm-like", Path.Combine(works, "unet-audioldm-like.json"), peer, rounds);
    }

    private static string Measure(string name, string configPath, PyTorchPeer? peer, int rounds)
    {
        var text = File.ReadAllText(configPath);
        using var unet = new UNet2DConditionModel(UNetConfig.Parse(text));
        Formula.Fill(unet);
        using var optimizer = new AdamW(unet.named_parameters(), weightDecay: 0.01);
        var config = JsonNode.Parse(text)!;
        var (ours, theirs) = (new List<TrainingStep>(), new List<TrainingStep>());
        for (var round = 0; round < Single + 1 + rounds; round++)
        {
            var batch = round < Single ? 1 : Batch;
            ours.Add(Own(unet, optimizer, batch));
            if (peer is null) continue;
            theirs.Add(peer.Train(config, Shapes(unet, batch)));
            if (Math.Abs(theirs[^1].Loss - ours[^1].Loss) > Tolerance * ours[^1].Loss) throw new InvalidOperationException($"{name}: PyTorch has another loss ({theirs[^1].Loss:g6}, ours {ours[^1].Loss:g6})");
        }

        var (own, other) = (Summary(ours), peer is null ? (0, 0) : Summary(theirs));
        var line = FormattableString.Invariant($"training step {name}, {unet.parameters().Sum(p => p.numel()) / 1e6:0.0} M parameters, {Batch} clips of 10 s, {get_num_threads()} threads: {own.Seconds:0.00} s, {own.Clip / 1e6:0} MB a clip");
        return peer is null ? line : line + FormattableString.Invariant($"; {peer.Name}: {other.Seconds:0.00} s, {other.Clip / 1e6:0} MB a clip; theirs / ours {other.Seconds / own.Seconds:0.00}, {other.Clip / own.Clip:0.00}");
    }

    /// <summary>The median time of the measured steps, and by how much the highest peak exceeds that of one clip less.</summary>
    private static (double Seconds, double Clip) Summary(List<TrainingStep> steps)
    {
        var measured = steps.Skip(Single + 1).ToArray();
        return (measured.Select(s => s.Seconds).Order().ElementAt(measured.Length / 2), (measured.Max(s => s.Peak) - steps[Single - 1].Peak) / (Batch - 1.0));
    }

    private static TrainingStep Own(UNet2DConditionModel unet, AdamW optimizer, int batch)
    {
        using var scope = NewDisposeScope();
        var inputs = Shapes(unet, batch).ToDictionary(i => i.Key, i => NetworkWorks.Input(i.Key, i.Value));
        var labels = unet.Config.ProjectionClassEmbeddingsInputDim is { } dim ? NetworkWorks.Input("labels", batch, dim) : null;
        var time = full(batch, NetworkWorks.Timestep, dtype: ScalarType.Int64);
        NativeHeap.AfterStep(0);
        PeakMemory.Restart();
        var start = Stopwatch.GetTimestamp();
        var loss = (unet.forward(inputs["sample"], time, inputs["text"], null, labels) - inputs["target"]).square().mean();
        optimizer.ZeroGradients();
        loss.backward();
        optimizer.ClipGradients(1);
        optimizer.Step(1e-4);
        return new TrainingStep(Stopwatch.GetElapsedTime(start).TotalSeconds, loss.ToDouble(), PeakMemory.Highest);
    }

    private static Dictionary<string, long[]> Shapes(UNet2DConditionModel unet, int batch) => new()
    {
        ["sample"] = [batch, 16, 8, 750],
        ["text"] = [batch, Tokens, unet.Config.CrossAttentionDim[0]],
        ["target"] = [batch, 16, 8, 750],
    };
}

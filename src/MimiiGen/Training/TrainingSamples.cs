using MimiiGen.Generation;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Clips of what a training has reached, to listen to: <c>samples/STEP/NUMBER.wav</c> in the run's folder, with the same seeds each time.</summary>
internal static class TrainingSamples
{
    /// <param name="folder">Of the run; has the model.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="count">Clips, of the most frequent conditions, one each as far as they go.</param>
    /// <param name="device">Where to generate.</param>
    /// <param name="stop">Of the generation.</param>
    public static void Write(string folder, long step, int count, Device device, CancellationToken stop)
    {
        if (count == 0) return;
        using var model = SoundModel.Load(Path.Combine(folder, "model"), device);
        var generator = new ClipGenerator(model, new SamplingSettings());
        var conditions = model.ConditionsByCount();
        var seconds = (double)model.Config.TrainedFrames * model.Codec.Config.HopLength / model.Codec.Config.SamplingRate;
        for (var i = 0; i < count; i++)
        {
            var known = conditions[i % conditions.Count];
            generator.Generate(new ClipRequest(known.Caption, (ulong)i, seconds, known.Metadata), stop: stop).Write(Path.Combine(folder, "samples", $"{step:000000}", $"{i:00}"));
        }
    }
}

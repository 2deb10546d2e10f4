using MimiiGen.Audio;
using MimiiGen.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>Recordings in memory for a codec's training: about 1 MB for 10 s of one channel.</summary>
/// <param name="Training">Each (samples), at the codec's rate and at <see cref="TrainingClips.ReferenceRms"/>.</param>
/// <param name="HeldOut">Clips for validation, likewise.</param>
/// <param name="Highest">Frequency in Hz up to which the recordings hold sound: half the lowest of their rates and the codec's.</param>
internal sealed record CodecClips(IReadOnlyList<Tensor> Training, IReadOnlyList<Tensor> HeldOut, double Highest) : IDisposable
{
    private const int MostClips = 4000;
    private const int MostHeldOut = 16;
    private const int HoldOutEvery = 13;
    private const int ExcerptCount = 32;

    /// <summary>Where crops are wanted; the clips themselves stay in the main memory.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Reads clips of at least a crop's length; of a large dataset an even choice.</summary>
    /// <exception cref="BadInputException">Fewer than two clips can be used.</exception>
    public static CodecClips Read(
        IReadOnlyList<DatasetClip> clips, int sampleRate, int shortest, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        if (clips.Count > MostClips) warn?.Invoke($"{clips.Count} clips are more than fit into memory: an even choice of {MostClips} is trained on");
        DatasetClip[] chosen = clips.Count <= MostClips ? [.. clips] : [.. Enumerable.Range(0, MostClips).Select(i => clips[(int)((long)i * clips.Count / MostClips)])];
        var training = new List<Tensor>();
        var heldOut = new List<Tensor>();
        var read = 0;
        var recordings = new Dictionary<string, bool>(StringComparer.Ordinal); // whether it is held out
        foreach (var clip in TrainingClips.Read(chosen, sampleRate, warn))
        {
            stop.ThrowIfCancellationRequested();
            progress?.Report(new WorkProgress("reading clips", ++read, chosen.Length));
            if (clip.Samples.Length < shortest)
            {
                warn?.Invoke($"left out: {clip.Source.FileName} is shorter than a crop of {(double)shortest / sampleRate:0.##} s");
                continue;
            }

            // by recording: its channels hear the same sound, and one of them in the training would make the validation an easy one
            if (!recordings.TryGetValue(clip.Source.Path, out var holdOut))
                recordings[clip.Source.Path] = holdOut = recordings.Count % HoldOutEvery == HoldOutEvery / 2 && heldOut.Count < MostHeldOut;
            (holdOut ? heldOut : training).Add(tensor(clip.Samples).DetachFromDisposeScope());
        }

        if (training.Count < 2) throw new BadInputException("a codec needs at least two clips that can be used; see the lines above");
        if (heldOut.Count == 0) heldOut.Add(training[^1].clone().DetachFromDisposeScope());
        return new CodecClips(training, heldOut, Math.Min(sampleRate, recordings.Keys.Min(p => WavFile.ReadInfo(p).SampleRate)) / 2.0);
    }

    /// <summary>Crops of random clips at random places and levels (-12 to 6 dB): (count, samples).</summary>
    public Tensor Crops(StepChance chance, int count, int samples)
    {
        using var scope = NewDisposeScope();
        return stack(Enumerable.Range(0, count).Select(_ =>
        {
            var clip = Training[chance.Below(Training.Count)];
            var gain = Math.Pow(10, chance.Between(-12, 6) / 20);
            return clip.narrow(0, chance.Below((int)clip.shape[0] - samples + 1), samples) * gain;
        })).to(Device).MoveToOuterDisposeScope();
    }

    /// <summary>The beginnings of some clips from all over the set: each (samples).</summary>
    public IReadOnlyList<Tensor> Excerpts(int samples)
    {
        var length = (int)Math.Min(samples, Training.Min(c => c.shape[0]));
        var count = Math.Min(ExcerptCount, Training.Count);
        return [.. Enumerable.Range(0, count).Select(i => Training[(int)((long)i * Training.Count / count)].narrow(0, 0, length))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var clip in Training.Concat(HeldOut)) clip.Dispose();
    }
}

using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>A detector that knows clips as vectors and remembers tensors, without a network.</summary>
/// <param name="vectors">What it hears of a clip.</param>
public abstract class VectorDetector(ClipVectors vectors) : SoundDetector
{
    private Func<Waveform, Tensor>? rows;
    private IReadOnlyDictionary<string, Tensor>? state;
    private int sampleRate;
    private double[] trainingScores = [];

    /// <inheritdoc/>
    public override int SampleRate => sampleRate;

    /// <inheritdoc/>
    public override IReadOnlyList<double> TrainingScores => trainingScores;

    /// <summary>What it hears of a clip.</summary>
    protected string VectorName => vectors.Name;

    /// <summary>Names of the tensors that <see cref="Learn"/> gives.</summary>
    private protected abstract IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public sealed override void Fit(IReadOnlyList<Waveform> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        var rate = LogMelVectors.RateOf(normalClips);
        var of = vectors.At(rate);
        using var scope = NewDisposeScope();
        var clips = new List<Tensor>();
        foreach (var clip in normalClips)
        {
            cancel.ThrowIfCancellationRequested();
            clips.Add(of(clip).to(ScalarType.Float64)); // (rows, values)
            progress?.Report(new WorkProgress($"fitting {Name}", clips.Count, normalClips.Count));
        }

        var learned = Learn(clips).ToDictionary(t => t.Key, t => t.Value.detach().DetachFromDisposeScope(), StringComparer.Ordinal);
        Take(rate, learned);
        trainingScores = OwnScores(clips, learned);
    }

    /// <inheritdoc/>
    public sealed override double Score(Waveform clip)
    {
        if (rows is null || state is null) throw NotFitted();
        using var scope = NewDisposeScope();
        return Score(rows(clip).to(ScalarType.Float64), state);
    }

    internal sealed override IReadOnlyDictionary<string, Tensor> State() => state ?? throw NotFitted();

    internal sealed override void Restore(int sampleRate, IReadOnlyDictionary<string, Tensor> state, string source)
    {
        foreach (var name in Names)
            if (!state.ContainsKey(name)) throw new BadInputException($"{source}: tensor '{name}' is missing");
        Take(sampleRate, Names.ToDictionary(n => n, n => state[n].to(ScalarType.Float64).clone().DetachFromDisposeScope(), StringComparer.Ordinal));
    }

    /// <summary>What it remembers of normal clips, float64.</summary>
    /// <param name="clips">Of each clip (rows, values).</param>
    private protected abstract Dictionary<string, Tensor> Learn(IReadOnlyList<Tensor> clips);

    /// <summary>The score of a clip's vectors (rows, values).</summary>
    private protected abstract double Score(Tensor clip, IReadOnlyDictionary<string, Tensor> learned);

    /// <summary>The scores of the clips that it learned from.</summary>
    private protected virtual double[] OwnScores(IReadOnlyList<Tensor> clips, IReadOnlyDictionary<string, Tensor> learned) => [.. clips.Select(c => Score(c, learned))];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in state?.Values ?? []) tensor.Dispose();
        (state, rows) = (null, null);
    }

    private void Take(int rate, IReadOnlyDictionary<string, Tensor> learned)
    {
        Dispose(true);
        trainingScores = [];
        (sampleRate, rows, state) = (rate, vectors.At(rate), learned);
    }
}

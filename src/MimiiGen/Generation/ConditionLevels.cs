using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Generation;

/// <summary>
/// How loud clips of each condition are, as a whole, in each row of the latents and in each band of their spectrum, and how much they differ
/// from one another.
/// <para>
/// A generator trained on crops never sees how one clip differs from the next, and generates clips that are all alike. So a clip's latents
/// are divided into levels, one number a row, and shape: the levels of a new clip are drawn from the distribution of its condition's
/// training clips, and the diffusion model makes the shape, told of the levels.
/// </para>
/// <para>
/// The draw is what is to be expected of a clip that nobody heard, from n that were heard. One clip is chosen of the condition (the bootstrap: Efron 1979), with its
/// deviation d from the condition's mean, and one of all clips, with its deviation e from the mean of its own condition: what differs from clip to clip there may here.
/// Scaled to the covariances without bias, the draw is mean + t sqrt((1 + 1/n) / (1 + h²)) (d + h e), h = 1/2: 1 + 1/n because the mean is known from n clips only, and
/// Student's t of n - 1 degrees of freedom (at least 3) because the spread is (Gelman et al. 2013, "Bayesian Data Analysis", section 3.6). Deviations that were heard, instead of a
/// normal distribution with their covariance: most faulty clips are hardly faulty where a few are very much so, and all are spectra that a machine had. A
/// condition with a single clip draws mean + e. The fine spectrum (<see cref="FineSpectrum"/>) is drawn alike. What a draw differs from its chosen clip by is smoothed across rows and bands: a tone that a machine has stays a tone, and its absence makes no gap.
/// </para>
/// </summary>
public sealed class ConditionLevels
{
    private const int FewestFreedom = 3; // with fewer the variance is infinite
    private const double OthersShare = 0.5;
    private const double RowsSmoothed = 4; // standard deviation, as of the next
    private const double BandsSmoothed = 4 / 3.0;
    private const double FineBandsSmoothed = 150.0 / FineSpectrum.BandWidth; // 150 Hz are four rows of the lapped codec

    private readonly float[][] clips;
    private readonly float[][]? spectra;
    private readonly int[][] members;
    private readonly Lazy<double[]>[] means; // few conditions of a model are asked for
    private readonly Lazy<double[]>[] spectraMeans;
    private readonly (int Clip, int Condition)[] pooled;
    private readonly int freedom;

    /// <param name="clips">
    /// (clips, 1 + rows + bands): level in dB full scale, the natural logarithm of each latent row's rms, and the level of each band in dB
    /// relative to the whole (<see cref="SpectralEnvelope"/>).
    /// </param>
    /// <param name="conditions">(clips): the condition of each clip, 0 to count - 1.</param>
    /// <param name="count">Number of conditions.</param>
    /// <param name="spectra">(clips, fine bands): the fine spectrum of each clip (<see cref="FineSpectrum"/>); null where they were not measured.</param>
    public ConditionLevels(float[][] clips, int[] conditions, int count, float[][]? spectra = null)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(conditions);
        this.clips = clips;
        this.spectra = spectra;
        Conditions = conditions;
        members = [.. Enumerable.Range(0, count).Select(c => Enumerable.Range(0, clips.Length).Where(i => conditions[i] == c).ToArray())];
        if (members.Any(m => m.Length == 0)) throw new ArgumentException("a condition without clips has no levels", nameof(conditions));
        means = Means(clips);
        spectraMeans = Means(spectra ?? []);
        pooled = [.. Enumerable.Range(0, clips.Length).Where(i => members[conditions[i]].Length > 1).Select(i => (i, conditions[i]))];
        freedom = pooled.Length - members.Count(m => m.Length > 1);
        var rows = Enumerable.Range(1, Rows);
        Centre = [.. rows.Select(d => clips.Average(c => (double)c[d]))];
        Spread = [.. rows.Select(d => Math.Sqrt(clips.Average(c => Math.Pow(c[d] - Centre[d - 1], 2)) + 1e-4))];
    }

    /// <summary>Rows of the latents.</summary>
    public int Rows => clips[0].Length - 1 - SpectralEnvelope.Bands;

    /// <summary>(clips): the condition of each clip.</summary>
    public IReadOnlyList<int> Conditions { get; }

    /// <summary>Number of training clips of a condition.</summary>
    public int CountOf(int condition) => members[condition].Length;

    /// <summary>Mean over all clips of each row's log rms: (rows).</summary>
    internal double[] Centre { get; }

    /// <summary>Standard deviation over all clips of each row's log rms: (rows).</summary>
    internal double[] Spread { get; }

    /// <summary>Levels of a training clip: (1 + rows + bands).</summary>
    internal float[] Of(int clip) => clips[clip];

    /// <summary>Fine spectrum of a training clip: (fine bands); null where none was measured.</summary>
    internal float[]? SpectrumOf(int clip) => spectra?[clip];

    /// <summary>Bands of the fine spectra; null where there are none.</summary>
    internal int? FineBands => spectra?[0].Length;

    /// <summary>Levels for a new clip of a condition, which follow from its seed alone: (1 + rows + bands).</summary>
    public float[] Draw(int condition, ulong seed)
    {
        var chosen = clips[Chosen(condition, seed)];
        var difference = Deviation(clips, means, condition, seed);
        Smooth(difference.AsSpan(1, Rows), RowsSmoothed);
        Smooth(difference.AsSpan(1 + Rows), BandsSmoothed);
        return Sum(chosen, difference);
    }

    /// <summary>The fine spectrum for that new clip, drawn as its levels are: (fine bands); null where none was measured.</summary>
    public float[]? DrawSpectrum(int condition, ulong seed)
    {
        if (spectra is null) return null;
        var difference = Deviation(spectra, spectraMeans, condition, seed);
        Smooth(difference, FineBandsSmoothed);
        return Sum(spectra[Chosen(condition, seed)], difference);
    }

    /// <summary>What the U-Net is told of a clip's levels: each row's log rms, standardised over all training clips: (rows).</summary>
    public float[] Describe(IReadOnlyList<float> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        return [.. Enumerable.Range(0, Rows).Select(d => (float)((levels[d + 1] - Centre[d]) / Spread[d]))];
    }

    /// <summary>Reads <c>levels.safetensors</c>.</summary>
    internal static ConditionLevels Read(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = SafeTensors.Read(path);
        if (!tensors.TryGetValue("levels", out var levels) || levels.dim() != 2 || levels.shape[1] < 2 + SpectralEnvelope.Bands || !tensors.TryGetValue("condition", out var condition) || condition.numel() != levels.shape[0])
            throw new BadInputException($"{path}: needs the tensors 'levels' [clips, 1 + rows + bands] and 'condition' [clips]");
        var flat = levels.to(ScalarType.Float32).data<float>().ToArray();
        var width = (int)levels.shape[1];
        var conditions = condition.to(ScalarType.Int32).data<int>().ToArray();
        return new ConditionLevels([.. flat.Chunk(width)], conditions, conditions.Max() + 1, Spectra(path, tensors));
    }

    internal void Write(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["levels"] = tensor([.. clips.SelectMany(c => c)], [clips.Length, clips[0].Length], ScalarType.Float32),
            ["condition"] = tensor([.. Conditions], [clips.Length], ScalarType.Int32),
        };
        if (spectra is not null) tensors["spectra"] = tensor([.. spectra.SelectMany(c => c)], [clips.Length, spectra[0].Length]).to(ScalarType.Float16);
        SafeTensors.Write(path, tensors);
    }

    /// <summary>A model whose training clips were too short, or of several rates, has none.</summary>
    private static float[][]? Spectra(string path, Dictionary<string, Tensor> tensors)
    {
        if (!tensors.TryGetValue("spectra", out var all)) return null;
        if (all.dim() != 2 || all.shape[0] != tensors["levels"].shape[0])
            throw new BadInputException($"{path}: its tensor 'spectra' must be [{tensors["levels"].shape[0]}, bands], it is [{string.Join(", ", all.shape)}]");
        return [.. all.to(ScalarType.Float32).data<float>().ToArray().Chunk((int)all.shape[1])];
    }

    /// <summary>What a draw differs from the clip that is chosen for it by, before it is smoothed.</summary>
    private double[] Deviation(float[][] heard, Lazy<double[]>[] middles, int condition, ulong seed)
    {
        var n = members[condition].Length;
        var chosen = heard[Chosen(condition, seed)];
        if (pooled.Length == 0) return new double[chosen.Length];
        var scale = n == 1 ? 1 / OthersShare : Student(seed, Math.Max(FewestFreedom, n - 1)) * Math.Sqrt((1 + (1.0 / n)) / (1 + (OthersShare * OthersShare)));
        var middle = middles[condition].Value;
        double[] difference = [.. middle.Zip(chosen, (mean, value) => mean - value)];
        if (n > 1) Add(difference, chosen, middle, scale * Math.Sqrt(n / (n - 1.0)));
        var (clip, other) = pooled[ClipNoise.Below((uint)pooled.Length, seed, NoiseStreams.Deviation)];
        Add(difference, heard[clip], middles[other].Value, scale * OthersShare * Math.Sqrt((double)pooled.Length / freedom));
        return difference;
    }

    private int Chosen(int condition, ulong seed) => members[condition][(int)(seed % (ulong)members[condition].Length)];

    private Lazy<double[]>[] Means(float[][] heard) =>
        [.. members.Select(own => new Lazy<double[]>(() => [.. Enumerable.Range(0, heard[0].Length).Select(d => own.Average(i => (double)heard[i][d]))]))];

    private static float[] Sum(float[] chosen, double[] difference) => [.. chosen.Zip(difference, (heard, d) => (float)(heard + d))];

    /// <summary>sqrt(f / chi²) of f degrees of freedom: what makes a normal deviation one of Student's t.</summary>
    private static double Student(ulong seed, int freedom)
    {
        using var chance = ClipNoise.Normal(seed, NoiseStreams.Levels, freedom);
        return Math.Sqrt(freedom / chance.data<float>().ToArray().Sum(x => (double)x * x));
    }

    /// <summary>Means weighted by a normal curve; at the ends by what there is of it.</summary>
    private static void Smooth(Span<double> values, double deviation)
    {
        var given = values.ToArray();
        double[] weights = [.. given.Select((_, distance) => Math.Exp(-0.5 * Math.Pow(distance / deviation, 2)))];
        for (var i = 0; i < given.Length; i++)
        {
            var (sum, total) = (0.0, 0.0);
            for (var j = 0; j < given.Length; j++)
            {
                var weight = weights[Math.Abs(i - j)];
                sum += weight * given[j];
                total += weight;
            }

            values[i] = sum / total;
        }
    }

    private static void Add(double[] sum, float[] clip, double[] mean, double weight)
    {
        for (var d = 0; d < sum.Length; d++) sum[d] += weight * (clip[d] - mean[d]);
    }
}

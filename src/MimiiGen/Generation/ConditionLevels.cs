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
/// The draw is one of the condition's clips (the bootstrap: Efron 1979), brought nearer to their mean and moved as far as a clip that nobody heard lies from the nearest that was: by the difference
/// between any clip and the nearest other one of that clip's own condition, either way round. Most such differences are small and a few are large, as most machines sound like one that is known
/// and a few like none. Clips are brought so much nearer that draws differ from one another as clips do (the smoothed bootstrap of unchanged variance: Silverman and Young 1987): to
/// mean + s (clip - mean), s² = 1 - apart / spread, with the mean squares over all bands and clips of those differences and of the deviations from the condition's mean, the latter times n / (n - 1).
/// A condition with a single clip takes differences of the others. What a draw differs from its clip by is smoothed across rows and bands, so that a tone stays a
/// tone; differences from clip to clip in the fine spectrum (<see cref="FineSpectrum"/>) are smoothed least, and where a clip lacks the tone that one takes away, its floor stays: it makes no gap.
/// </para>
/// </summary>
public sealed class ConditionLevels
{
    private const double RowsSmoothed = 4; // standard deviation, as of the next three
    private const double BandsSmoothed = 4 / 3.0;
    private const double FineBandsSmoothed = 32.0 / FineSpectrum.BandWidth;
    private const double FloorSmoothed = 150.0 / FineSpectrum.BandWidth; // 150 Hz are four rows of the lapped codec
    private const int FloorReach = 96 / FineSpectrum.BandWidth;
    private const double FloorQuantile = 0.25;
    private const double BelowFloor = 1; // dB
    private const int ClipsAtOnce = 1024;

    private readonly float[][] clips;
    private readonly float[][]? spectra;
    private readonly int[][] members;
    private readonly (int Clip, int Nearest)[] neighbours;
    private readonly double nearer;

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
        (neighbours, nearer) = Neighbourhood();
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
        double[] difference = [.. Difference(clips, seed).Zip(Nearing(clips, condition, chosen), (a, b) => a + b)];
        Smooth(difference.AsSpan(1, Rows), RowsSmoothed);
        Smooth(difference.AsSpan(1 + Rows), BandsSmoothed);
        return [.. chosen.Zip(difference, (heard, d) => (float)(heard + d))];
    }

    /// <summary>The fine spectrum for that new clip, drawn as its levels are: (fine bands); null where none was measured.</summary>
    public float[]? DrawSpectrum(int condition, ulong seed)
    {
        if (spectra is null) return null;
        var chosen = spectra[Chosen(condition, seed)];
        var nearing = Nearing(spectra, condition, chosen);
        Smooth(nearing, FloorSmoothed);
        double[] start = [.. chosen.Zip(nearing, (heard, d) => heard + d)];
        var difference = Difference(spectra, seed);
        var broad = difference.ToArray();
        Smooth(difference, FineBandsSmoothed);
        Smooth(broad, FloorSmoothed);
        return [.. Floor(start).Select((floor, b) => (float)Math.Max(start[b] + difference[b], Math.Min(floor - BelowFloor, start[b]) + broad[b]))];
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

    /// <summary>What a clip differs from its nearest by, or that from the clip.</summary>
    private double[] Difference(float[][] heard, ulong seed)
    {
        if (neighbours.Length == 0) return new double[heard[0].Length];
        var drawn = ClipNoise.Below(2 * (uint)neighbours.Length, seed, NoiseStreams.Difference);
        var (clip, nearest) = neighbours[drawn / 2];
        var sign = drawn % 2 == 0 ? 1.0 : -1.0;
        return [.. heard[clip].Zip(heard[nearest], (a, b) => sign * (a - b))];
    }

    /// <summary>Each clip that isn't alone in its condition with the nearest other one there, by the levels of all bands in dB full scale; and how near draws begin to the mean.</summary>
    private ((int Clip, int Nearest)[] Neighbours, double Nearer) Neighbourhood()
    {
        using var scope = NewDisposeScope();
        var pairs = new List<(int, int)>();
        var (apart, spread) = (0.0, 0.0);
        foreach (var own in members.Where(m => m.Length > 1))
        {
            using var condition = NewDisposeScope();
            var bands = tensor([.. own.SelectMany(i => clips[i].Skip(1 + Rows).Select(b => (double)clips[i][0] + b))], [own.Length, SpectralEnvelope.Bands]); // (clips, bands)
            spread += bands.var(dim: 0).sum().ToDouble() * own.Length;
            for (var from = 0; from < own.Length; from += ClipsAtOnce)
            {
                using var some = NewDisposeScope();
                var distances = cdist(bands.narrow(0, from, Math.Min(ClipsAtOnce, own.Length - from)), bands, 2); // (some, clips)
                distances.diagonal(from).fill_(double.PositiveInfinity);
                var (nearest, index) = distances.min(1); // (some) each
                apart += nearest.square().sum().ToDouble();
                pairs.AddRange(index.data<long>().ToArray().Select((other, i) => (own[from + i], own[other])));
            }
        }

        return ([.. pairs], spread > apart ? Math.Sqrt(1 - (apart / spread)) : 0);
    }

    /// <summary>From a clip to where it is nearer to its condition's mean; of one that is alone in its condition nothing.</summary>
    private double[] Nearing(float[][] heard, int condition, float[] chosen) =>
        [.. chosen.Select((own, d) => (1 - nearer) * (members[condition].Average(i => (double)heard[i][d]) - own))];

    /// <summary>What lies between the tones of a spectrum: a quantile of the bands around each.</summary>
    private static IEnumerable<double> Floor(double[] spectrum)
    {
        for (var b = 0; b < spectrum.Length; b++)
        {
            var around = spectrum[Math.Max(0, b - FloorReach)..Math.Min(spectrum.Length, b + FloorReach + 1)];
            Array.Sort(around);
            yield return around[(int)(FloorQuantile * around.Length)];
        }
    }

    private int Chosen(int condition, ulong seed) => members[condition][(int)(seed % (ulong)members[condition].Length)];

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
}

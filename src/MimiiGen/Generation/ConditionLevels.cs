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
/// The draw is a smoothed bootstrap (Efron 1979; Silverman and Young 1987, "The bootstrap: to smooth or not to smooth?"): c + h z e, where c is one clip of the condition,
/// e the deviation of another from the condition's mean and z a standard normal number. Deviations that were heard, not a normal distribution with their covariance, for these are
/// spectra that a machine had. Detectors learn normal clips, so a normal clip that nobody heard has to lie off those that were: h = 0.9. Faults they don't learn, and
/// whatever is added to a fault makes it more of one: h = 0.3. A condition with a single clip draws c + e with e of any condition's clip. The fine spectrum
/// (<see cref="FineSpectrum"/>) is drawn alike. What is added is smoothed across rows and bands: a tone that a machine has stays a tone, and its absence makes no gap. How much bands change over time
/// (<see cref="FineVariation"/>) is that of c.
/// </para>
/// </summary>
public sealed class ConditionLevels
{
    private const double NormalBandwidth = 0.9; // h
    private const double FaultyBandwidth = 0.3;
    private const double RowsSmoothed = 4; // standard deviation, as of the next
    private const double BandsSmoothed = 4 / 3.0;
    private const double FineBandsSmoothed = 150.0 / FineSpectrum.BandWidth; // 150 Hz are four rows of the lapped codec

    private readonly float[][] clips;
    private readonly FineTexture[]? textures;
    private readonly int[][] members;
    private readonly Lazy<double[]>[] means; // few conditions of a model are asked for
    private readonly Lazy<double[]>[] spectraMeans;
    private readonly int[] varied; // clips of conditions that have several

    /// <param name="clips">
    /// (clips, 1 + rows + bands): level in dB full scale, the natural logarithm of each latent row's rms, and the level of each band in dB
    /// relative to the whole (<see cref="SpectralEnvelope"/>).
    /// </param>
    /// <param name="conditions">(clips): the condition of each clip, 0 to count - 1.</param>
    /// <param name="count">Number of conditions.</param>
    /// <param name="textures">(clips): what the narrow bands of each hold, all with or all without their variation; null where it was not measured.</param>
    public ConditionLevels(float[][] clips, int[] conditions, int count, FineTexture[]? textures = null)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(conditions);
        this.clips = clips;
        this.textures = textures;
        Conditions = conditions;
        members = [.. Enumerable.Range(0, count).Select(c => Enumerable.Range(0, clips.Length).Where(i => conditions[i] == c).ToArray())];
        if (members.Any(m => m.Length == 0)) throw new ArgumentException("a condition without clips has no levels", nameof(conditions));
        means = Means(clips);
        spectraMeans = Means([.. (textures ?? []).Select(t => t.Spectrum)]);
        varied = [.. Enumerable.Range(0, clips.Length).Where(i => members[conditions[i]].Length > 1)];
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

    /// <summary>What the narrow bands of a training clip hold; null where it was not measured.</summary>
    internal FineTexture? TextureOf(int clip) => textures?[clip];

    /// <summary>Levels (1 + rows + bands) and texture (null where none was measured) for a new clip of a condition, which follow from its seed alone.</summary>
    /// <param name="condition">Which one.</param>
    /// <param name="faulty">Whether its clips are of a fault.</param>
    /// <param name="seed">The clip's.</param>
    public (float[] Levels, FineTexture? Texture) Draw(int condition, bool faulty, ulong seed)
    {
        var own = members[condition];
        var chosen = own[(int)(seed % (ulong)own.Length)];
        var others = own.Length > 1 ? own : varied;
        if (others.Length == 0) return ([.. clips[chosen]], textures?[chosen]);
        var other = others[ClipNoise.Below((uint)others.Length, seed, NoiseStreams.Deviation)];
        var weight = own.Length == 1 ? 1 : (faulty ? FaultyBandwidth : NormalBandwidth) * Normal(seed);
        var levels = Addition(clips[other], means);
        Smooth(levels.AsSpan(1, Rows), RowsSmoothed);
        Smooth(levels.AsSpan(1 + Rows), BandsSmoothed);
        if (textures is null) return (Sum(clips[chosen], levels), null);
        var spectrum = Addition(textures[other].Spectrum, spectraMeans);
        Smooth(spectrum, FineBandsSmoothed);
        return (Sum(clips[chosen], levels), textures[chosen] with { Spectrum = Sum(textures[chosen].Spectrum, spectrum) });

        double[] Addition(float[] heard, Lazy<double[]>[] middles) => [.. heard.Zip(middles[Conditions[other]].Value, (value, mean) => weight * (value - mean))];
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
        return new ConditionLevels([.. flat.Chunk(width)], conditions, conditions.Max() + 1, Textures(path, tensors));
    }

    internal void Write(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["levels"] = tensor([.. clips.SelectMany(c => c)], [clips.Length, clips[0].Length], ScalarType.Float32),
            ["condition"] = tensor([.. Conditions], [clips.Length], ScalarType.Int32),
        };
        if (textures is not null) tensors["spectra"] = Half([.. textures.Select(t => t.Spectrum)]);
        if (textures?[0].Variation is not null) tensors["variations"] = Half([.. textures.Select(t => t.Variation!)]);
        SafeTensors.Write(path, tensors);

        static Tensor Half(float[][] rows) => tensor([.. rows.SelectMany(r => r)], [rows.Length, rows[0].Length]).to(ScalarType.Float16);
    }

    /// <summary>A model whose training clips were too short, or of several rates, has none.</summary>
    private static FineTexture[]? Textures(string path, Dictionary<string, Tensor> tensors)
    {
        if (Each("spectra") is not { } spectra) return null;
        var variations = Each("variations");
        return [.. spectra.Select((spectrum, i) => new FineTexture(spectrum, variations?[i]))];

        float[][]? Each(string name)
        {
            if (!tensors.TryGetValue(name, out var all)) return null;
            if (all.dim() != 2 || all.shape[0] != tensors["levels"].shape[0])
                throw new BadInputException($"{path}: its tensor '{name}' must be [{tensors["levels"].shape[0]}, bands], it is [{string.Join(", ", all.shape)}]");
            return [.. all.to(ScalarType.Float32).data<float>().ToArray().Chunk((int)all.shape[1])];
        }
    }

    private Lazy<double[]>[] Means(float[][] heard) =>
        [.. members.Select(own => new Lazy<double[]>(() => [.. Enumerable.Range(0, heard[0].Length).Select(d => own.Average(i => (double)heard[i][d]))]))];

    private static float[] Sum(float[] chosen, double[] addition) => [.. chosen.Zip(addition, (heard, added) => (float)(heard + added))];

    private static double Normal(ulong seed)
    {
        using var chance = ClipNoise.Normal(seed, NoiseStreams.Levels, 1);
        return chance.ToDouble();
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
}

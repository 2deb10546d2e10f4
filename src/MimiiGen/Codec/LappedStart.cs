using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>
/// Sets the weights of an EnCodec model so that it is a lapped transform before any training: the encoder is an MDCT of one hop
/// (Princen, Johnson and Bradley 1987, sine window), the decoder its transpose. The lowest coefficients are a latent each; of the higher ones, for which
/// there aren't latents enough, three neighbours share one: their sum, which the decoder gives back to each of them at another time. Noise
/// in that band, all that machines have there, comes back as other noise of the same level; nothing is asked of the decoder that latents don't tell it.
/// <para>
/// Trained from random weights on machine sound, which is mostly noise, a codec collapses: until phase is coded the average spectrum is
/// the best answer, and gradients never leave it. From here they need not find it.
/// </para>
/// <para>
/// ELU(x) = x - O(x^2 / 2) near 0, so a signal scaled to a small gain passes the network nearly linearly; the last layers undo the gain.
/// Needs centred convolutions (<c>use_causal_conv</c> false): then encoder frame t sees the samples from hop t - hop/2 to hop t + 3 hop/2 - 1,
/// which are those of the transform's window.
/// </para>
/// </summary>
internal static class LappedStart
{
    private const double Gain = 0.01;
    private const double LatentScale = 0.3;
    private const double Noise = 1e-4;
    private const int Folded = 3;

    /// <summary>Overwrites encoder and decoder. Waveforms of about 0.1 rms pass best.</summary>
    /// <param name="model">One channel, centred convolutions, no recurrent block.</param>
    /// <param name="seed">Of the small noise that keeps unused channels trainable.</param>
    /// <param name="highest">Frequency in Hz up to which the recordings hold sound.</param>
    /// <exception cref="BadInputException">The configuration can't be a lapped transform.</exception>
    public static void Apply(EncodecModel model, ulong seed, double highest)
    {
        var config = model.Config;
        var ratios = config.UpsamplingRatios;
        var width = config.NumFilters << ratios.Count;
        if (config.UseCausalConv || config.AudioChannels != 1 || config.NumLstmLayers != 0 || width < config.HiddenSize
            || config.HopLength / ratios[0] > width / 2)
            throw new BadInputException("a codec starts as a lapped transform only with use_causal_conv false, one channel, no LSTM and enough filters for its hop");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var chance = new Generator(seed);
        var coefficients = Math.Min(width, config.HopLength);
        var basis = Basis(config.HopLength, coefficients); // (coefficients, 2 hop)

        var encoder = model.Encoder.Layers.OfType<EncodecConv1d>().ToArray();
        Set(encoder[0].Kernel, chance, kernel => kernel[0, 0, Centre(config.KernelSize)] = Gain, config.NumFilters, 1, config.KernelSize);
        var phases = 1;
        var filters = config.NumFilters;
        for (var level = 1; level <= ratios.Count; level++)
        {
            var ratio = ratios[^level];
            var (inputs, outputs) = (filters, filters * 2);
            var last = level == ratios.Count;
            Set(encoder[level].Kernel, chance, kernel => Gather(kernel, ratio, phases, last ? basis : null), outputs, inputs, ratio * 2);
            phases *= ratio;
            filters = outputs;
        }

        var bands = LatentBands(config, highest);
        Set(encoder[^1].Kernel, chance, kernel => Fold(kernel, bands, config.LastKernelSize), config.HiddenSize, width, config.LastKernelSize);

        var decoder = model.Decoder.Layers.OfType<EncodecConv1d>().ToArray();
        Set(decoder[0].Kernel, chance, kernel => Unfold(kernel, bands, config.KernelSize), width, config.HiddenSize, config.KernelSize);
        var upward = model.Decoder.Layers.OfType<EncodecConvTranspose1d>().ToArray();
        for (var level = 0; level < ratios.Count; level++)
        {
            var ratio = ratios[level];
            phases /= ratio;
            var phasesIn = phases;
            Set(upward[level].Kernel, chance, kernel => Gather(kernel, ratio, phasesIn, level == 0 ? basis : null), filters, filters / 2, ratio * 2, outputs: filters / 2);
            filters /= 2;
        }

        Set(decoder[^1].Kernel, chance, kernel => kernel[0, 0, Centre(config.LastKernelSize)] = 1 / Gain, 1, config.NumFilters, config.LastKernelSize);
        foreach (var block in model.Encoder.Layers.Concat(model.Decoder.Layers).OfType<EncodecResidualBlock>()) Quieten(block, config, chance);
    }

    /// <summary>
    /// Brings the latents, whose spectrum falls steeply, to one level, so that a quantiser that minimises the squared error doesn't drop the
    /// quiet upper rows; the decoder undoes it. A row's level is the geometric mean over clips: what clips differ in most, the uppermost bands, counts by its
    /// quiet clips, whose spectrum would else drown in the quantiser's noise.
    /// </summary>
    /// <param name="model">As <see cref="Apply"/> left it.</param>
    /// <param name="clips">(clips, samples): recordings like those that it will be trained on.</param>
    public static void Whiten(EncodecModel model, Tensor clips)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var levels = model.Encode(clips.unsqueeze(1)).square().mean([2]).sqrt().clamp_min(1e-8); // (clips, hidden)
        var gains = LatentScale / levels.log().mean([0]).exp(); // (hidden)
        var last = model.Encoder.Layers.OfType<EncodecConv1d>().Last().Kernel;
        var kernel = last.Effective() * gains.reshape(-1, 1, 1);
        last.SetKernel(kernel, zeros(kernel.shape[0]));
        var first = model.Decoder.Layers.OfType<EncodecConv1d>().First().Kernel;
        kernel = first.Effective() / gains.reshape(1, -1, 1);
        first.SetKernel(kernel, zeros(kernel.shape[0]));
    }

    /// <summary>
    /// Which coefficients each latent carries, one or three neighbours, so that all up to <paramref name="highest"/> Hz are carried, or as many as there are
    /// where half of the latents have one each.
    /// </summary>
    internal static IReadOnlyList<Range> LatentBands(EncodecConfig config, double highest)
    {
        var coefficients = (int)Math.Min(Math.Min(config.HopLength, config.NumFilters << config.UpsamplingRatios.Count), Math.Ceiling(highest * 2 * config.HopLength / config.SamplingRate));
        var single = Math.Clamp(((Folded * config.HiddenSize) - coefficients) / (Folded - 1), config.HiddenSize / 2, config.HiddenSize);
        var bands = Enumerable.Range(0, single).Select(k => k..(k + 1));
        var groups = Enumerable.Range(0, config.HiddenSize - single).Select(g => single + (g * Folded)).Where(from => from < coefficients).Select(from => from..Math.Min(from + Folded, coefficients));
        return [.. bands, .. groups];
    }

    /// <summary>Frequency in Hz from which on a latent is shared by coefficients (<see cref="EncodecConfig.NoiseAbove"/>); null where none is.</summary>
    /// <param name="config">Of the codec.</param>
    /// <param name="highest">Frequency in Hz up to which the recordings hold sound.</param>
    public static double? NoiseAbove(EncodecConfig config, double highest)
    {
        var shared = LatentBands(config, highest).Where(band => band.End.Value - band.Start.Value > 1).ToArray();
        return shared.Length == 0 ? null : shared[0].Start.Value * config.SamplingRate / (2.0 * config.HopLength);
    }

    private static void Fold(Tensor kernel, IReadOnlyList<Range> bands, int width)
    {
        for (var d = 0; d < bands.Count; d++)
        {
            var (from, count) = bands[d].GetOffsetAndLength(int.MaxValue);
            for (var i = 0; i < count; i++) kernel[d, from + i, Centre(width)] += LatentScale / Gain / Math.Sqrt(count);
        }
    }

    /// <summary>
    /// The three that share a latent get it as early as the kernel reaches, in time, and as late, in an order that goes round from latent to latent: no two are
    /// alike at one time, and nothing that is loud for a moment comes back as a slope across the spectrum.
    /// </summary>
    private static void Unfold(Tensor kernel, IReadOnlyList<Range> bands, int width)
    {
        for (var d = 0; d < bands.Count; d++)
        {
            var (from, count) = bands[d].GetOffsetAndLength(int.MaxValue);
            for (var i = 0; i < count; i++) kernel[from + i, d, Centre(width) + (count == 1 ? 0 : Centre(width) * (((i + d) % count) - 1))] += Gain / LatentScale;
        }
    }

    /// <summary>MDCT basis with the sine window, orthonormal: (coefficients, 2 hop).</summary>
    internal static Tensor Basis(int hop, int coefficients)
    {
        using var scope = NewDisposeScope();
        var n = arange(2 * hop, dtype: ScalarType.Float64) + 0.5; // (2 hop)
        var k = (arange(coefficients, dtype: ScalarType.Float64) + 0.5).unsqueeze(1); // (coefficients, 1)
        var window = (n * (Math.PI / (2 * hop))).sin();
        return (Math.Sqrt(2.0 / hop) * window * ((n + (hop / 2.0)) * k * (Math.PI / hop)).cos()).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A strided level either gathers <paramref name="ratio"/> successive frames of each phase into that many more phases, or, the innermost one,
    /// takes the inner product with the basis. The decoder's levels are the transposes.
    /// </summary>
    private static void Gather(Tensor kernel, int ratio, int phases, Tensor? basis)
    {
        if (basis is not null)
        {
            var taps = basis.reshape(basis.shape[0], ratio * 2, -1).transpose(1, 2); // (coefficients, phases, 2 ratio)
            kernel.narrow(0, 0, taps.shape[0]).narrow(1, 0, taps.shape[1]).add_(taps);
            return;
        }

        var first = ratio - (ratio / 2);
        for (var j = 0; j < ratio; j++)
            for (var p = 0; p < phases; p++)
                kernel[(j * phases) + p, p, first + j] += 1;
    }

    private static void Pass(Tensor kernel, int channels, int width, double gain)
    {
        for (var i = 0; i < channels; i++) kernel[i, i, Centre(width)] += gain;
    }

    private static void Quieten(EncodecResidualBlock block, EncodecConfig config, Generator chance)
    {
        var dimension = block.Widening.Kernel.state_dict()["bias"].shape[0];
        var narrow = dimension / config.Compress;
        Set(block.Narrowing.Kernel, chance, kernel => kernel.add_(randn(kernel.shape, generator: chance), alpha: 1 / Math.Sqrt(3.0 * dimension)), narrow, dimension, config.ResidualKernelSize);
        Set(block.Widening.Kernel, chance, kernel => kernel.add_(randn(kernel.shape, generator: chance), alpha: Noise / Math.Sqrt(narrow)), dimension, narrow, 1);
        if (block.Shortcut is { } shortcut)
            Set(shortcut.Kernel, chance, kernel => Pass(kernel, (int)dimension, 1, 1), dimension, dimension, 1);
    }

    private static int Centre(int width) => width / 2;

    private static void Set(NormedKernel target, Generator chance, Action<Tensor> fill, long first, long second, long width, long? outputs = null)
    {
        var kernel = zeros(first, second, width);
        fill(kernel);
        kernel.add_(randn(kernel.shape, generator: chance), alpha: Noise * Math.Min(1, kernel.abs().max().ToDouble()));
        target.SetKernel(kernel, zeros(outputs ?? first));
    }
}

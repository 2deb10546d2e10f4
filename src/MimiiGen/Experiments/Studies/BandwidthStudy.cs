using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Evaluation;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;

namespace MimiiGen.Experiments.Studies;

/// <summary>What bandwidth of the codec serves best.</summary>
internal sealed class BandwidthStudy() : Study(
    "bandwidth",
    "Which bandwidth of the codec?",
    "the real test clips through the codec alone at each of its bandwidths and unquantised, and a generator trained on the latents of each",
    "training clips, and a codec of several bandwidths",
    "a training from nothing for each bandwidth with each seed",
    "The codec was made for its unquantised latents, with codebooks fitted to them; a codec trained for a low bandwidth would do better there.")
{
    private static readonly Metric Snr = new("SNR (dB)", "high", "0.0");
    private static readonly Metric LogMel = new("log-mel error (dB)", "0");

    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.BandError, Metric.AucDistance, Metric.NormalAuc];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        double[] rates = [.. EncodecConfig.Load(Path.Combine(data.Options.Codec, "config.json")).TargetBandwidths.OrderDescending()];
        if (rates.Length < 2) throw new BadInputException($"{data.Options.Codec}: has {rates.Length} bandwidths; bandwidth needs at least 2 to compare");
        double?[] all = [null, .. rates.Select(r => (double?)r)];
        return
        [
            .. all.Select(rate => new Arm($"generator {Words(rate)}", "trained on latents of that bandwidth", new Generated { Recipe = new Recipe { Architecture = data.Architecture, Bandwidth = rate } })
            {
                Kind = rate == rates[0] ? ArmKind.Reference : ArmKind.Variant,
            }),
            .. all.Select(rate => new Arm($"codec {Words(rate)}", "real test clips through the codec at that bandwidth", new CodecCopies(rate))),
        ];
    }

    internal override IReadOnlyList<Measure> Further(Arm arm, MadeClips made, StudyData data)
    {
        if (arm.Source is not CodecCopies) return [];
        var copies = made.Files.Select(f => WavFile.Read(Path.Combine(made.Folder, f))).ToArray();
        var fidelity = CopyFidelity.Of(ClipAudio.Read([.. made.Real.Select(c => c.Clip)]), copies);
        return [Measure.Of(Snr, fidelity.SnrDb), Measure.Of(LogMel, fidelity.LogMelErrorDb)];
    }

    private static string Words(double? rate) => rate is { } number ? $"{number:0.#} kbit/s" : "unquantised";
}

using MimiiGen.Codec;
using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training;

/// <summary>
/// Trains by waveform and spectral loss alone: encoder and decoder together without quantiser, or the decoder alone on latents of which half
/// are quantised.
/// </summary>
internal sealed class ReconstructionStage : ICodecStage
{
    private const int WarmUpSteps = 50;
    private const double FinalRate = 0.05;
    private const double RateOfDecoderAlone = 0.3;
    private const double LargestGradient = 5;

    private readonly EncodecModel model;
    private readonly CodecTrainingSettings settings;
    private readonly CodecClips clips;
    private readonly SpectralLoss spectral;
    private readonly LearningRateSchedule rate;

    public ReconstructionStage(EncodecModel model, CodecTrainingSettings settings, CodecClips clips, SpectralLoss spectral, bool decoderAlone)
    {
        (this.model, this.settings, this.clips, this.spectral, Quantized) = (model, settings, clips, spectral, decoderAlone);
        Optimizer = new AdamW(model.named_parameters().Where(p => !decoderAlone || IsOfDecoder(p.name)), beta1: 0.9, beta2: 0.99, weightDecay: 0);
        rate = new LearningRateSchedule(settings.LearningRate * (decoderAlone ? RateOfDecoderAlone : 1), LearningRateShape.Cosine, WarmUpSteps, Steps) { Floor = FinalRate };
    }

    public string Name => Quantized ? "decoder" : "codec";

    public int Steps => Quantized ? settings.QuantizedSteps : settings.Steps;

    public bool Quantized { get; }

    public bool KeepsBest => true;

    public AdamW Optimizer { get; }

    /// <summary>Latents of a fixed encoder, as they are or, half the time, quantised at one of its bandwidths: (batch, hidden, frames).</summary>
    /// <param name="model">Whose.</param>
    /// <param name="crops">(batch, samples).</param>
    /// <param name="chance">Of the step.</param>
    public static Tensor FixedLatents(EncodecModel model, Tensor crops, StepChance chance)
    {
        using var noGrad = no_grad();
        var latents = model.Encode(crops.unsqueeze(1));
        if (chance.Below(2) == 0) return latents;
        var rates = model.Config.TargetBandwidths;
        return model.Dequantize(model.Quantize(latents, rates[chance.Below(rates.Count)]));
    }

    /// <summary>Whether that parameter is one of the decoder's.</summary>
    public static bool IsOfDecoder(string name) => name.StartsWith("decoder.", StringComparison.Ordinal);

    public IEnumerable<KeyValuePair<string, Tensor>> State() => [];

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(settings.Seed + (Quantized ? 1UL : 0UL), step);
        var crops = clips.Crops(chance, settings.BatchSize, settings.CropSamples(model.Config)); // (batch, samples)
        var latents = Quantized ? FixedLatents(model, crops, chance) : model.Encode(crops.unsqueeze(1)); // (batch, hidden, frames)
        var copy = model.Decode(latents).squeeze(1).narrow(1, 0, crops.shape[1]); // (batch, samples)
        var waveform = ((crops - copy).abs().mean([1]) / crops.abs().mean([1])).mean();
        var level = (crops.square().mean([1], keepdim: true).sqrt() + 1e-8) / TrainingClips.ReferenceRms;
        var spectrum = spectral.Compare(crops / level, copy / level);
        var weight = Quantized
            ? settings.SpectralWeightAtEnd
            : settings.SpectralWeightAtStart * Math.Pow(settings.SpectralWeightAtEnd / settings.SpectralWeightAtStart, (double)step / Steps);
        var loss = waveform + (weight * spectrum);
        Optimizer.ZeroGradients();
        loss.backward();
        var losses = new Dictionary<string, double> { ["waveform"] = waveform.ToDouble(), ["spectral"] = spectrum.ToDouble() };
        FiniteWatch.Require(Name, step, model, crops, losses, Optimizer);
        Optimizer.ClipGradients(LargestGradient);
        Optimizer.Step(rate.At(step));
        return losses;
    }

    public void Dispose() => Optimizer.Dispose();
}

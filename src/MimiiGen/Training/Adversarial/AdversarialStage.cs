using MimiiGen.Codec;
using MimiiGen.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>
/// EnCodec's training (Défossez et al. 2022, section 3.4): waveform and mel losses, discriminators and their features, balanced by their
/// gradients, and commitment; codebooks by averages, one random bandwidth a batch. With a frozen encoder the decoder alone learns, from latents of
/// which half are quantised.
/// </summary>
internal sealed class AdversarialStage : ICodecStage
{
    private const int WarmUpSteps = 50;
    private const double FinalRate = 0.05;
    private const double DiscriminatorShare = 2.0 / 3; // of the steps train it, or it wins
    private static readonly string[] Balanced = ["waveform", "mel", "adversarial", "feature"];
    private static readonly double[] Weights = [0.1, 1, 3, 3];

    private readonly EncodecModel model;
    private readonly CodecTrainingSettings settings;
    private readonly CodecClips clips;
    private readonly MultiScaleMelLoss mel;
    private readonly MultiScaleDiscriminator discriminator;
    private readonly AdamW discriminatorOptimizer;
    private readonly GradientBalancer balancer = new(Weights);
    private readonly CodebookAverages codebooks;
    private readonly LearningRateSchedule rate;

    /// <param name="model">On the device of the training, with codebooks.</param>
    /// <param name="settings">Of the training.</param>
    /// <param name="clips">To train on.</param>
    public AdversarialStage(EncodecModel model, CodecTrainingSettings settings, CodecClips clips)
    {
        (this.model, this.settings, this.clips) = (model, settings, clips);
        mel = new MultiScaleMelLoss(model.Config.SamplingRate, clips.Highest, clips.Device);
        manual_seed((long)((settings.Seed + 1) & long.MaxValue)).Dispose();
        discriminator = new MultiScaleDiscriminator(settings.DiscriminatorFilters);
        discriminator.to(clips.Device);
        discriminatorOptimizer = new AdamW(discriminator.named_parameters(), beta1: 0.5, beta2: 0.9, weightDecay: 0);
        Optimizer = new AdamW(model.named_parameters().Where(p => !settings.FreezeEncoder || ReconstructionStage.IsOfDecoder(p.name)), beta1: 0.5, beta2: 0.9, weightDecay: 0);
        codebooks = new CodebookAverages(model.Quantizer, (long)settings.BatchSize * settings.CropSamples(model.Config) / model.Config.HopLength);
        rate = new LearningRateSchedule(settings.AdversarialLearningRate, LearningRateShape.Cosine, WarmUpSteps, settings.AdversarialSteps) { Floor = FinalRate };
    }

    public string Name => "adversarial";

    public int Steps => settings.AdversarialSteps;

    public bool Quantized => true;

    /// <summary>No: what discriminators teach, a finer texture of noise, no distance of spectra can see.</summary>
    public bool KeepsBest => false;

    public AdamW Optimizer { get; }

    public IEnumerable<KeyValuePair<string, Tensor>> State() =>
    [
        .. Prefixed("discriminator", discriminator.state_dict()),
        .. Prefixed("discriminator_optimizer", discriminatorOptimizer.State()),
        .. Prefixed("balancer", balancer.State()),
        .. Prefixed("codebooks", codebooks.State()),
    ];

    public IReadOnlyDictionary<string, double> Step(long step)
    {
        using var scope = NewDisposeScope();
        using var chance = new StepChance(settings.Seed + 2, step);
        var crops = clips.Crops(chance, settings.BatchSize, settings.CropSamples(model.Config)); // (batch, samples)
        var (latents, commitment) = Latents(crops, chance);
        var decoded = model.Decode(latents).squeeze(1).narrow(1, 0, crops.shape[1]); // (batch, samples)
        var copy = decoded.detach();
        var losses = new Dictionary<string, double>();
        if (chance.Between(0, 1) < DiscriminatorShare) losses["discriminator"] = TrainDiscriminator(step, crops, copy);

        copy.requires_grad_();
        Tensor[] balanced = Losses(crops, copy);
        for (var i = 0; i < balanced.Length; i++) losses[Balanced[i]] = balanced[i].ToDouble();
        losses["commitment"] = commitment.ToDouble();
        var gradient = balancer.Balance(copy, balanced); // (batch, samples)
        Optimizer.ZeroGradients();
        ((decoded * gradient).sum() + commitment).backward(); // the gradient of the sum in the output is the balanced one
        FiniteWatch.Require(Name, step, model, crops, losses, Optimizer);
        Optimizer.Step(rate.At(step));
        return losses;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        discriminatorOptimizer.Dispose();
        discriminator.Dispose();
        balancer.Dispose();
        codebooks.Dispose();
        mel.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Prefixed(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.Select(t => new KeyValuePair<string, Tensor>($"{prefix}.{t.Key}", t.Value));

    private (Tensor Latents, Tensor Commitment) Latents(Tensor crops, StepChance chance)
    {
        if (settings.FreezeEncoder) return (ReconstructionStage.FixedLatents(model, crops, chance), zeros([], device: crops.device));
        var rates = model.Config.TargetBandwidths;
        var count = model.Config.QuantizersFor(rates[chance.Below(rates.Count)]);
        var (latents, _, commitments) = codebooks.Learn(model.Encode(crops.unsqueeze(1)), count, chance);
        return (latents, commitments.mean());
    }

    private Tensor[] Losses(Tensor crops, Tensor copy)
    {
        Freeze(discriminator, true);
        var made = discriminator.Judge(copy);
        IReadOnlyList<Judgement> real;
        using (no_grad()) real = discriminator.Judge(crops);
        Freeze(discriminator, false);
        return [(crops - copy).abs().mean(), mel.Compare(crops, copy), AdversarialLosses.Generator(made), AdversarialLosses.FeatureMatching(real, made)];
    }

    private double TrainDiscriminator(long step, Tensor crops, Tensor copy)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Discriminator(discriminator.Judge(crops), discriminator.Judge(copy));
        discriminatorOptimizer.ZeroGradients();
        loss.backward();
        var value = loss.ToDouble();
        FiniteWatch.Require(Name, step, model, crops, new Dictionary<string, double> { ["discriminator"] = value }, discriminatorOptimizer);
        discriminatorOptimizer.Step(rate.At(step));
        return value;
    }

    private static void Freeze(nn.Module module, bool on)
    {
        foreach (var parameter in module.parameters()) parameter.requires_grad_(!on);
    }
}

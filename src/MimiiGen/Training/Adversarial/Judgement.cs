using static TorchSharp.torch;

namespace MimiiGen.Training.Adversarial;

/// <summary>What a discriminator makes of a batch of waveforms.</summary>
/// <param name="Score">(batch, 1, frames, bins): above 0 looks real, below made.</param>
/// <param name="Features">The outputs of its layers.</param>
internal sealed record Judgement(Tensor Score, IReadOnlyList<Tensor> Features);

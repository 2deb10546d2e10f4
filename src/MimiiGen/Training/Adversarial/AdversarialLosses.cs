using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MimiiGen.Training.Adversarial;

/// <summary>The losses between codec and discriminators (Défossez et al. 2022, section 3.4), each the mean over the K scales.</summary>
internal static class AdversarialLosses
{
    /// <summary>Hinge loss of the discriminators: max(0, 1 - D(x)) + max(0, 1 + D(x̂)).</summary>
    public static Tensor Discriminator(IReadOnlyList<Judgement> real, IReadOnlyList<Judgement> made) =>
        Mean(real.Zip(made, (x, y) => F.relu(1 - x.Score).mean() + F.relu(1 + y.Score).mean()));

    /// <summary>Hinge loss of the codec: max(0, 1 - D(x̂)).</summary>
    public static Tensor Generator(IReadOnlyList<Judgement> made) => Mean(made.Select(y => F.relu(1 - y.Score).mean()));

    /// <summary>Feature matching: |D_l(x) - D_l(x̂)| relative to the mean |D_l(x)|, over the layers l.</summary>
    public static Tensor FeatureMatching(IReadOnlyList<Judgement> real, IReadOnlyList<Judgement> made) =>
        Mean(real.Zip(made, (x, y) => x.Features.Zip(y.Features, (a, b) => (a - b).abs().mean() / (a.abs().mean() + 1e-12))).SelectMany(l => l));

    private static Tensor Mean(IEnumerable<Tensor> losses) => stack(losses).mean();
}

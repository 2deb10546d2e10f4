using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// EfficientAT (Schmid, Koutini and Widmer 2023, arXiv 2211.04772): a MobileNetV3 that tags the 527 classes of AudioSet from
/// a log-mel picture. Tensor names are those of the published checkpoints, <c>features.N.*</c> and <c>classifier.N.*</c>.
/// </summary>
public sealed class EfficientAt : nn.Module<Tensor, (Tensor Logits, Tensor Embedding)>
{
    /// <summary>Classes of AudioSet.</summary>
    public const int Classes = 527;

    // in, kernel, expanded, out, squeeze and excitation, hard swish (else ReLU), stride: Table 1 of MobileNetV3 (arXiv 1905.02244)
    private static readonly (int In, int Kernel, int Expanded, int Out, bool Squeeze, bool HardSwish, int Stride)[] Blocks =
    [
        (16, 3, 16, 16, false, false, 1),
        (16, 3, 64, 24, false, false, 2),
        (24, 3, 72, 24, false, false, 1),
        (24, 5, 72, 40, true, false, 2),
        (40, 5, 120, 40, true, false, 1),
        (40, 5, 120, 40, true, false, 1),
        (40, 3, 240, 80, false, true, 2),
        (80, 3, 200, 80, false, true, 1),
        (80, 3, 184, 80, false, true, 1),
        (80, 3, 184, 80, false, true, 1),
        (80, 3, 480, 112, true, true, 1),
        (112, 3, 672, 112, true, true, 1),
        (112, 5, 672, 160, true, true, 2),
        (160, 5, 960, 160, true, true, 1),
        (160, 5, 960, 160, true, true, 1),
    ];

    private readonly ModuleList<nn.Module<Tensor, Tensor>> features;
    private readonly Sequential classifier;

    /// <summary>Makes the network with random weights.</summary>
    /// <param name="width">Factor on all channel counts: 0.4 is mn04, 1 is mn10.</param>
    public EfficientAt(double width = 0.4)
        : base(nameof(EfficientAt))
    {
        var layers = new List<nn.Module<Tensor, Tensor>> { InvertedResidual.ConvNorm(1, Wide(16), 3, 2, 1, nn.Hardswish()) };
        foreach (var b in Blocks)
            layers.Add(new InvertedResidual(Wide(b.In), b.Kernel, Wide(b.Expanded), Wide(b.Out), b.Squeeze, b.HardSwish, b.Stride));
        EmbeddingSize = 6 * Wide(160);
        layers.Add(InvertedResidual.ConvNorm(Wide(160), EmbeddingSize, 1, 1, 1, nn.Hardswish()));
        features = new ModuleList<nn.Module<Tensor, Tensor>>([.. layers]);
        var head = Wide(1280);
        classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(EmbeddingSize, head), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(head, Classes));
        RegisterComponents();

        int Wide(int channels) => InvertedResidual.MakeDivisible(channels * width);
    }

    /// <summary>Values an embedding: 384 at width 0.4.</summary>
    public int EmbeddingSize { get; }

    /// <summary>Tags log-mel pictures.</summary>
    /// <param name="input">(clips, 1, mel bands, frames), as <see cref="MimiiGen.Audio.LogMel.EfficientAt"/> makes them (transposed).</param>
    /// <returns>Logits (clips, 527), and the mean over the last feature map (clips, <see cref="EmbeddingSize"/>).</returns>
    public override (Tensor Logits, Tensor Embedding) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var map = input;
        foreach (var layer in features) map = layer.call(map); // (clips, 384, mel bands / 32, frames / 32)
        var embedding = map.mean([2L, 3L]); // (clips, 384)
        var logits = classifier.call(map); // (clips, 527)
        return (logits.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }

    /// <summary>The feature maps after each of the 17 layers, for a look inside.</summary>
    internal IEnumerable<Tensor> FeatureMaps(Tensor input)
    {
        foreach (var layer in features) yield return input = layer.call(input);
    }
}

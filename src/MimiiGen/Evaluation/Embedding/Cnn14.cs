using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>
/// PANNs Cnn14 (Kong et al. 2020, arXiv 1912.10211): a convolutional tagger of AudioSet's 527 classes. Tensor names are those of the published
/// checkpoints but for the front end, which they store too and which is computed here.
/// </summary>
public sealed class Cnn14 : nn.Module<Tensor, (Tensor Logits, Tensor Embedding)>
{
    private readonly BatchNorm2d bn0;
    private readonly Cnn14Block conv_block1;
    private readonly Cnn14Block conv_block2;
    private readonly Cnn14Block conv_block3;
    private readonly Cnn14Block conv_block4;
    private readonly Cnn14Block conv_block5;
    private readonly Cnn14Block conv_block6;
    private readonly Linear fc1;
    private readonly Linear fc_audioset;

    /// <summary>Makes the network with random weights.</summary>
    public Cnn14()
        : base(nameof(Cnn14))
    {
        bn0 = nn.BatchNorm2d(64);
        conv_block1 = new Cnn14Block(1, 64);
        conv_block2 = new Cnn14Block(64, 128);
        conv_block3 = new Cnn14Block(128, 256);
        conv_block4 = new Cnn14Block(256, 512);
        conv_block5 = new Cnn14Block(512, 1024);
        conv_block6 = new Cnn14Block(1024, 2048, pool: 1);
        fc1 = nn.Linear(2048, 2048);
        fc_audioset = nn.Linear(2048, 527);
        RegisterComponents();
    }

    /// <summary>Names in the published files that are not weights: the front end.</summary>
    internal static bool IsFrontEnd(string name) =>
        name.StartsWith("spectrogram_extractor.", StringComparison.Ordinal) || name.StartsWith("logmel_extractor.", StringComparison.Ordinal);

    /// <summary>Tags log-mel spectra.</summary>
    /// <param name="input">(clips, 1, frames, 64) in dB, as <see cref="MimiiGen.Audio.LogMel.Panns"/> makes them, at least 32 frames.</param>
    /// <returns>Logits (clips, 527) and embeddings (clips, 2048).</returns>
    public override (Tensor Logits, Tensor Embedding) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var map = bn0.call(input.transpose(1, 3)).transpose(1, 3); // (clips, 1, frames, 64), each band normalised
        foreach (var block in new[] { conv_block1, conv_block2, conv_block3, conv_block4, conv_block5, conv_block6 })
            map = block.call(map); // (clips, 2048, frames / 32, 2) in the end
        var overTime = map.mean([3L]); // (clips, 2048, frames / 32)
        var pooled = overTime.amax([2L]) + overTime.mean([2L]); // (clips, 2048)
        var embedding = fc1.call(pooled).relu(); // (clips, 2048)
        var logits = fc_audioset.call(embedding); // (clips, 527)
        return (logits.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }
}

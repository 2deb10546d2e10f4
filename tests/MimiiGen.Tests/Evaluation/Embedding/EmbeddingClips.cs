using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation.Embedding;

/// <summary>The two recordings that embeddings are checked with, and weights by formula of a size that keeps signals alive.</summary>
internal static class EmbeddingClips
{
    public static float[] At(string name, int sampleRate) =>
        KaiserResampler.KaiserBest.Resample(Samples.Clip($"0_dB_{name}/{name}/id_00/normal/00000000.wav").Channel(0), 16000, sampleRate);

    /// <summary>The weights by formula, those of two or more dimensions times the root of 2: what keeps ReLU networks at one scale.</summary>
    public static void Fill(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Golden.Formula.Fill(network);
        foreach (var (_, value) in network.named_parameters())
            if (value.dim() >= 2)
                value.mul_((float)Math.Sqrt(2));
    }
}

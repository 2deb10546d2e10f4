using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// How far the classes a tagger hears in generated clips are from those in the real clips they were made for: the
/// Kullback-Leibler divergence KL(real || generated), summed over classes, averaged over pairs (AudioLDM's evaluation). 1e-6 is
/// added to the generated probabilities alone, so that equal sets give a value just below zero.
/// </summary>
public static class ClassDivergence
{
    /// <summary>With softmax: the classes exclude one another.</summary>
    /// <param name="realLogits">(clips, classes).</param>
    /// <param name="generatedLogits">(clips, classes), each row the clip made for the same row of the real ones.</param>
    /// <exception cref="BadInputException">The sets don't pair up, or hold values that are no numbers.</exception>
    public static double Softmax(Tensor realLogits, Tensor generatedLogits) => SoftmaxOfPairs(realLogits, generatedLogits).Average();

    /// <summary>With sigmoid: a clip may be of many classes.</summary>
    /// <param name="realLogits">(clips, classes).</param>
    /// <param name="generatedLogits">(clips, classes), each row the clip made for the same row of the real ones.</param>
    /// <exception cref="BadInputException">The sets don't pair up, or hold values that are no numbers.</exception>
    public static double Sigmoid(Tensor realLogits, Tensor generatedLogits) => SigmoidOfPairs(realLogits, generatedLogits).Average();

    /// <summary>The value of each pair whose average <see cref="Softmax"/> is.</summary>
    public static double[] SoftmaxOfPairs(Tensor realLogits, Tensor generatedLogits) => Of(realLogits, generatedLogits, logits => logits.softmax(1));

    /// <summary>The value of each pair whose average <see cref="Sigmoid"/> is.</summary>
    public static double[] SigmoidOfPairs(Tensor realLogits, Tensor generatedLogits) => Of(realLogits, generatedLogits, logits => logits.sigmoid());

    private static double[] Of(Tensor realLogits, Tensor generatedLogits, Func<Tensor, Tensor> probabilities)
    {
        using var scope = NewDisposeScope();
        var (real, generated) = Rows.Pair(realLogits, generatedLogits, 1, "class divergence");
        if (real.shape[0] != generated.shape[0])
            throw new BadInputException($"class divergence compares clip with clip: {real.shape[0]} real and {generated.shape[0]} generated clips don't pair up");
        var p = probabilities(real); // (clips, classes)
        var q = probabilities(generated) + 1e-6;
        return (p.xlogy(p) - (p * q.log())).sum(1).data<double>().ToArray();
    }
}

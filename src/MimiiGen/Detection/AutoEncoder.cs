using MimiiGen.Detection.DenseTraining;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// The auto-encoder of the DCASE Task 2 baseline: 640-128-128-128-128-8-128-128-128-128-640, each layer but the last
/// followed by batch normalisation (momentum 0.01, eps 1e-3) and ReLU. Tensor names are the baseline's:
/// <c>encoder.N.*</c>, <c>decoder.N.*</c>, and the residual covariances <c>cov_source</c>, <c>cov_target</c>.
/// </summary>
public sealed class AutoEncoder : nn.Module<Tensor, Tensor>, IDenseStack
{
    private const int Hidden = 128;
    private const int Bottleneck = 8;

    private readonly Sequential encoder;
    private readonly Sequential decoder;

    /// <summary>Makes the network with PyTorch's default start, drawn from its own seed.</summary>
    /// <param name="inputs">Values a feature vector: frames x mel bands.</param>
    /// <param name="block">Values a frame (mel bands): the side of the residual covariances.</param>
    /// <param name="seed">Same seed, same weights.</param>
    public AutoEncoder(int inputs = 640, int block = 128, ulong seed = 0)
        : base(nameof(AutoEncoder))
    {
        encoder = nn.Sequential([.. Layer(inputs, Hidden), .. Layer(Hidden, Hidden), .. Layer(Hidden, Hidden), .. Layer(Hidden, Hidden), .. Layer(Hidden, Bottleneck)]);
        decoder = nn.Sequential([.. Layer(Bottleneck, Hidden), .. Layer(Hidden, Hidden), .. Layer(Hidden, Hidden), .. Layer(Hidden, Hidden), nn.Linear(Hidden, inputs)]);
        register_module("encoder", encoder);
        register_module("decoder", decoder);
        register_buffer("cov_source", zeros(block, block));
        register_buffer("cov_target", zeros(block, block));
        LinearStart.Draw(encoder.children().Concat(decoder.children()).OfType<Linear>(), seed);
    }

    /// <summary>Covariance of the residual's blocks on clips of the source domain, (block, block).</summary>
    public Tensor SourceCovariance => get_buffer("cov_source")!;

    /// <summary>Covariance of the residual's blocks on clips of the target domain, (block, block).</summary>
    public Tensor TargetCovariance => get_buffer("cov_target")!;

    IReadOnlyList<DenseLayer> IDenseStack.Layers
    {
        get
        {
            nn.Module[] parts = [.. encoder.children(), .. decoder.children()];
            return [.. parts.OfType<Linear>().Zip([.. parts.OfType<BatchNorm1d>(), null], (linear, norm) => new DenseLayer(linear, norm))];
        }
    }

    /// <summary>Reconstructs feature vectors.</summary>
    /// <param name="input">(vectors, inputs), log-mel in dB.</param>
    /// <returns>(vectors, inputs).</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var codes = encoder.call(input); // (vectors, 8)
        return decoder.call(codes).MoveToOuterDisposeScope(); // (vectors, inputs)
    }

    /// <summary>The bottleneck's codes of feature vectors (vectors, inputs): (vectors, 8).</summary>
    public Tensor Encode(Tensor input) => encoder.call(input);

    private static nn.Module<Tensor, Tensor>[] Layer(int inputs, int outputs) =>
        [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, eps: 1e-3, momentum: 0.01), nn.ReLU()];
}

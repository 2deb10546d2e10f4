using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding;

/// <summary>
/// VGGish (Hershey et al. 2017, arXiv 1609.09430): a VGG network that turns 0.96 s of sound into 128 values. Tensor names are those of torchvggish,
/// <c>vggish-10086976.pth</c>.
/// </summary>
public sealed class Vggish : nn.Module<Tensor, Tensor>
{
    /// <summary>Log-mel frames of a patch: 0.96 s.</summary>
    public const int PatchFrames = 96;

    private readonly Sequential features;
    private readonly Sequential embeddings;

    /// <summary>Makes the network with random weights.</summary>
    public Vggish()
        : base(nameof(Vggish))
    {
        features = nn.Sequential(
            Conv(1, 64), nn.ReLU(), Pool(),
            Conv(64, 128), nn.ReLU(), Pool(),
            Conv(128, 256), nn.ReLU(), Conv(256, 256), nn.ReLU(), Pool(),
            Conv(256, 512), nn.ReLU(), Conv(512, 512), nn.ReLU(), Pool());
        embeddings = nn.Sequential(nn.Linear(512 * 4 * 6, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 128));
        RegisterComponents();

        static Conv2d Conv(int channels, int outChannels) => nn.Conv2d(channels, outChannels, 3, padding: 1);

        static MaxPool2d Pool() => nn.MaxPool2d(2, 2);
    }

    /// <summary>Embeds patches of log-mel spectra.</summary>
    /// <param name="input">(patches, 1, 96, 64), as <see cref="MimiiGen.Audio.LogMel.Vggish"/> makes them.</param>
    /// <returns>(patches, 128), before the last ReLU: what FAD is computed from.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var map = features.call(input); // (patches, 512, 6, 4)
        var flat = map.permute(0, 2, 3, 1).flatten(1); // (patches, 12288): time, frequency, channel
        return embeddings.call(flat).MoveToOuterDisposeScope(); // (patches, 128)
    }
}

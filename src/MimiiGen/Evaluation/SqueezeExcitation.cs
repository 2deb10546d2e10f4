using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation;

/// <summary>
/// Weighs channels by what the whole picture holds: mean, two linear layers with ReLU between, sigmoid. A checkpoint names
/// the layers <c>conc_se_layers.0.fc1</c> and <c>.fc2</c>: larger variants weigh bands and frames side by side with channels.
/// </summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> conc_se_layers;

    public SqueezeExcitation(int channels, int squeezed)
        : base(nameof(SqueezeExcitation))
    {
        conc_se_layers = new ModuleList<nn.Module<Tensor, Tensor>>(new ChannelWeights(channels, squeezed));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var weights = conc_se_layers[0].call(input.mean([2L, 3L])); // (clips, channels)
        return (input * weights.unsqueeze(-1).unsqueeze(-1)).MoveToOuterDisposeScope(); // (clips, channels, bands, frames)
    }

    private sealed class ChannelWeights : nn.Module<Tensor, Tensor>
    {
        private readonly Linear fc1;
        private readonly Linear fc2;

        public ChannelWeights(int channels, int squeezed)
            : base(nameof(ChannelWeights))
        {
            fc1 = nn.Linear(channels, squeezed);
            fc2 = nn.Linear(squeezed, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var squeezed = fc1.call(input).relu(); // (clips, squeezed)
            return fc2.call(squeezed).sigmoid().MoveToOuterDisposeScope(); // (clips, channels)
        }
    }
}

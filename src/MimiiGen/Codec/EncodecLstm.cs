using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>EnCodec's recurrent block: an LSTM over frames, its input added to its output.</summary>
internal sealed class EncodecLstm : nn.Module<Tensor, Tensor>
{
    private readonly LSTM lstm;

    public EncodecLstm(int dimension, int layers)
        : base(nameof(EncodecLstm))
    {
        lstm = nn.LSTM(dimension, dimension, layers);
        RegisterComponents();
    }

    internal LSTM Layers => lstm;

    public override Tensor forward(Tensor input) // (batch, dimension, frames)
    {
        using var scope = NewDisposeScope();
        var sequence = input.permute(2, 0, 1).contiguous(); // (frames, batch, dimension)
        var (output, _, _) = lstm.forward(sequence); // (frames, batch, dimension)
        return (output + sequence).permute(1, 2, 0).contiguous().MoveToOuterDisposeScope(); // (batch, dimension, frames)
    }
}

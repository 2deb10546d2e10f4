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
        return Continue(input, null).Output.MoveToOuterDisposeScope(); // (batch, dimension, frames)
    }

    /// <summary>Goes on from the state that earlier frames left; without one, from rest. What it returns lies in the caller's dispose scope.</summary>
    internal (Tensor Output, (Tensor Hidden, Tensor Cell) State) Continue(Tensor input, (Tensor Hidden, Tensor Cell)? state)
    {
        var sequence = input.permute(2, 0, 1).contiguous(); // (frames, batch, dimension)
        var (output, hidden, cell) = lstm.forward(sequence, state); // (frames, batch, dimension), (layers, batch, dimension) twice
        return ((output + sequence).permute(1, 2, 0).contiguous(), (hidden, cell)); // (batch, dimension, frames)
    }
}

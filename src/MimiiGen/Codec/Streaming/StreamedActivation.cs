using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>A layer whose output depends on the sample of the same time alone.</summary>
internal sealed class StreamedActivation(nn.Module<Tensor, Tensor> layer) : StreamedLayer
{
    public override Tensor? Feed(Tensor? input, bool last) => input is null ? null : layer.forward(input);

    public override void Dispose()
    {
    }
}

using MimiiGen.Codec;
using MimiiGen.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Training;

public sealed class CodebookFitTests
{
    [Fact]
    public void EveryCodebookLeavesLessOver()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Model();
        Tensor[] clips = [.. Enumerable.Range(0, 4).Select(i => tensor(TinyRecordings.Sound(i, seconds: 2)))];
        CodebookFit.Run(model, clips, seed: 1, progress: null, CancellationToken.None);

        var residual = model.Encode(clips[0].reshape(1, 1, -1))[0].t(); // (frames, hidden)
        var left = new List<double> { residual.norm().ToDouble() };
        for (var i = 0; i < model.Quantizer.Count; i++)
        {
            var entries = model.Quantizer.Entries(i);
            residual = residual - entries.index_select(0, ResidualVectorQuantizer.Nearest(residual, entries));
            left.Add(residual.norm().ToDouble());
        }

        Assert.Equal(1 + model.Config.NumQuantizers, left.Count);
        for (var i = 1; i < left.Count; i++) Assert.True(left[i] < 0.97 * left[i - 1], string.Join(' ', left));
    }

    [Fact]
    public void TheSameSeedGivesTheSameCodebooks()
    {
        using var scope = NewDisposeScope();
        Tensor[] clips = [tensor(TinyRecordings.Sound(1)), tensor(TinyRecordings.Sound(2))];

        Assert.Equal(Fitted(clips, 1), Fitted(clips, 1));
        Assert.NotEqual(Fitted(clips, 1), Fitted(clips, 2));
    }

    private static float[] Fitted(Tensor[] clips, ulong seed)
    {
        using var model = Model();
        CodebookFit.Run(model, clips, seed, progress: null, CancellationToken.None);
        return model.Quantizer.Entries(1).data<float>().ToArray();
    }

    private static EncodecModel Model()
    {
        var model = new EncodecModel(TinyNetworks.Codec);
        LappedStart.Apply(model, seed: 1, highest: 8000);
        model.eval();
        return model;
    }
}

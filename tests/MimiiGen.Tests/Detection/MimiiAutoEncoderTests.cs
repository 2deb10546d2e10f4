using MimiiGen.Detection;
using MimiiGen.Tests.Evaluation;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Detection;

public sealed class MimiiAutoEncoderTests
{
    [Fact]
    public void NamesShapesAndScoresAreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = new MimiiAutoEncoder();
        var expected = GoldenFile.Json("detector/forward.json").GetProperty("mimii2019_ae");
        var state = network.state_dict();
        Assert.Equal(expected.GetProperty("names").EnumerateObject().Select(p => p.Name).Order(), state.Keys.Order());
        foreach (var entry in expected.GetProperty("names").EnumerateObject())
            Assert.Equal(entry.Value.EnumerateArray().Select(v => v.GetInt64()), state[entry.Name].shape);

        Formula.Fill(network);
        state["fc.0.weight"].mul_(0.1);
        state["fc.5.weight"].mul_(10);
        state["fc.5.bias"].mul_(10).sub_(35);
        network.eval();
        var features = LogMelVectors.Mimii2019(16000);
        foreach (var clip in expected.GetProperty("clips_channel_0").EnumerateObject())
        {
            var mse = clip.Value.GetProperty("mse_float64").GetDouble();
            Assert.Equal(mse, AutoEncoderDetector.MeanSquaredError(network, features.Of(Samples.Clip(clip.Name))), 1e-5 * mse);
        }
    }

    [Fact]
    public void LearnsAndScores()
    {
        var clips = Samples.Clips("0_dB_fan/fan/id_00/normal", 0, 2);
        using var detector = (AutoEncoderDetector)DetectorKind.Parse("mimii2019").Create(epochs: 5);
        detector.Fit(clips, cancel: TestContext.Current.CancellationToken);
        Assert.Equal("auto-encoder (MIMII 2019)", detector.Name);
        Assert.True(detector.EpochLosses[^1] < detector.EpochLosses[0]);
        Assert.Equal(detector.TrainingScores[1], detector.Score(clips[1]), 1e-6 * detector.TrainingScores[1]);
    }
}

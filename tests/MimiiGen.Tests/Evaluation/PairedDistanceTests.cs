using System.Text.Json;
using MimiiGen.Evaluation;
using MimiiGen.Tests.Golden;
using TorchSharp;

namespace MimiiGen.Tests.Evaluation;

public sealed class PairedDistanceTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement Golden = GoldenFile.Json("metrics/signal.json");
    private static readonly float[] Target = Signal("signal.target");
    private static readonly float[] Estimate = [.. Target.Zip(Signal("signal.other"), (t, o) => (float)((0.8 * t) + (0.3 * o)))];

    [Fact]
    public void ScaleInvariantSdrEqualsTheReference()
    {
        var golden = Golden.GetProperty("si_sdr_dB");

        Assert.Equal(golden.GetProperty("by_formula_zero_mean").GetDouble(), ScaleInvariantSdr.Of(Target, Estimate), Tolerance);
        Assert.Equal(golden.GetProperty("scaled_estimate_times_7").GetDouble(), ScaleInvariantSdr.Of(Target, [.. Estimate.Select(e => 7 * e)]), Tolerance);
        Assert.Equal(golden.GetProperty("perfect").GetDouble(), ScaleInvariantSdr.Of(Target, Target), Tolerance);
        Assert.Equal(-80, ScaleInvariantSdr.Of(Target, new float[Target.Length]), Tolerance);
        Assert.Throws<ArgumentException>(() => ScaleInvariantSdr.Of(Target, Target.AsSpan(1)));
    }

    [Fact]
    public void LogSpectralDistancesEqualTheReferences()
    {
        var golden = Golden.GetProperty("log_spectral_distance");

        Assert.Equal(golden.GetProperty("decibel_form").GetProperty("value").GetDouble(), LogSpectralDistance.Decibels(Target, Estimate), Tolerance);
        Assert.Equal(golden.GetProperty("ssr_eval_0.0.7").GetProperty("value").GetDouble(), LogSpectralDistance.SsrEval(Target, Estimate, 16000), Tolerance);
        Assert.Equal(0, LogSpectralDistance.Decibels(Target, Target));
    }

    [Fact]
    public void MultiResolutionDistanceEqualsTheReference()
    {
        var golden = Golden.GetProperty("multi_resolution_stft");

        Assert.Equal(golden.GetProperty("auraloss_float64").GetDouble(), MultiResolutionStft.Of(Target, Estimate), Tolerance);
        Assert.Equal(golden.GetProperty("swapped_arguments").GetDouble(), MultiResolutionStft.Of(Estimate, Target), Tolerance);
        Assert.Equal(0, MultiResolutionStft.Of(Target, Target));
    }

    private static float[] Signal(string name)
    {
        using var scope = torch.NewDisposeScope();
        return [.. GoldenFile.Tensors("metrics/signal.safetensors")[name].data<float>()];
    }
}

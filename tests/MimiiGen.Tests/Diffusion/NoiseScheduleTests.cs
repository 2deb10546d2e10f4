using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class NoiseScheduleTests
{
    public static TheoryData<string> Names => ["linear", "sl_sd", "sl_audioldm", "cosine"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TablesEqualTheFloat64Reference(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/tables.safetensors");
        foreach (var (suffix, schedule) in new[] { ("", Schedule(name)), (".zero_snr", Schedule(name).WithZeroTerminalSnr()) })
        {
            GoldenFile.AssertClose(golden[$"{name}{suffix}.betas_f64"], tensor(schedule.Betas.ToArray()), 1e-12, "betas" + suffix);
            GoldenFile.AssertClose(golden[$"{name}{suffix}.alphas_cumprod_f64"], tensor(schedule.AlphasCumprod.ToArray()), 1e-12, "alphas" + suffix);
        }

        Assert.Equal(0, Schedule(name).WithZeroTerminalSnr().AlphasCumprod[^1]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoiseAndVelocityEqualDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/noise_velocity_snr.safetensors");
        int[] timesteps = [.. golden["timesteps"].data<long>().Select(t => (int)t)];
        GoldenFile.AssertClose(golden[$"{name}.add_noise"], Schedule(name).AddNoise(golden["x0"], golden["noise"], timesteps), 3e-6, "x_t");
        GoldenFile.AssertClose(golden[$"{name}.velocity"], Schedule(name).Velocity(golden["x0"], golden["noise"], timesteps), 3e-6, "velocity");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SnrAndMinSnrWeightsEqualTheFloat64Reference(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Tensors("diffusion/samplers/noise_velocity_snr.safetensors");
        var schedule = Schedule(name);
        AssertRelative($"{name}.snr_f64", schedule.Snr);
        AssertRelative($"{name}.min_snr5.epsilon", t => schedule.MinSnrWeight(t, PredictionType.Epsilon));
        AssertRelative($"{name}.min_snr5.v_prediction", t => schedule.MinSnrWeight(t, PredictionType.VPrediction));
        AssertRelative($"{name}.min_snr5.sample", t => schedule.MinSnrWeight(t, PredictionType.Sample));

        void AssertRelative(string key, Func<int, double> actual)
        {
            var ours = tensor([.. Enumerable.Range(0, 1000).Select(actual)]);
            GoldenFile.AssertClose(ones(1000, ScalarType.Float64), ours / golden[key], 1e-9, key);
        }
    }

    private static NoiseSchedule Schedule(string name) => name switch
    {
        "linear" => NoiseSchedule.Create(BetaSchedule.Linear),
        "sl_sd" => NoiseSchedule.Create(BetaSchedule.ScaledLinear, .00085, .012),
        "sl_audioldm" => NoiseSchedule.Create(BetaSchedule.ScaledLinear, .0015, .0195),
        _ => NoiseSchedule.Create(BetaSchedule.SquaredcosCapV2),
    };
}

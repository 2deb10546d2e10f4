using System.Text.Json.Nodes;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

public sealed class SamplerTrajectoryTests
{
    private static readonly JsonObject Cases = JsonNode.Parse(File.ReadAllText(GoldenFile.PathOf("diffusion/samplers/trajectories.json")))!.AsObject();
    private static readonly Dictionary<string, Tensor> Trajectories = GoldenTensors("trajectories");

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryStepEqualsDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Cases[name]!;
        var config = ConfigOf(golden);
        var sampler = Sampler.Create(config, golden["num_inference_steps"]!.GetValue<int>());
        var model = new ExactModel(config.ClassName.StartsWith("Flow", StringComparison.Ordinal) ? null : config.NoiseSchedule(), config.PredictionType);
        var startFactor = golden["start_factor"]!.GetValue<double>();
        var tolerance = 10 * golden["max_abs_vs_numpy_float64"]!.GetValue<double>();
        var expected = Trajectories[$"{name}.x"];

        Assert.Equal(golden["timesteps"]!.AsArray().Select(t => t!.GetValue<double>()), sampler.Timesteps, (a, b) => Math.Abs(a - b) < 2e-3);
        Assert.Equal(startFactor, sampler.StartFactor, 1e-6 * startFactor);
        Assert.Equal(golden["noise_index_per_call"]!.AsArray().Select(i => i!.GetValue<int>() >= 0), sampler.Timesteps.Select((_, i) => sampler.NeedsNoise(i)));

        using var history = new SamplerHistory();
        var x = FormulaInput.Unit("input.start", 2, 4, 3, 5) * sampler.StartFactor;
        GoldenFile.AssertClose(expected[0], x, 1e-6 * startFactor, "start");
        var draws = 0;
        for (var i = 0; i < sampler.Timesteps.Count; i++)
        {
            var output = model.Predict(sampler.ScaleModelInput(x, i), sampler.Timesteps[i]);
            var noise = sampler.NeedsNoise(i) ? FormulaInput.Unit($"noise.{name}.{draws++}", 2, 4, 3, 5) : null;
            x = sampler.Step(output, i, x, noise, history);
            GoldenFile.AssertClose(expected[i + 1], x, tolerance, $"after call {i}");
        }

        GoldenFile.AssertClose(Trajectories[$"{name}.final_f64"], x, tolerance, "end, float64");
    }

    private static SamplerConfig ConfigOf(JsonNode golden)
    {
        var config = new JsonObject { ["_class_name"] = golden["scheduler"]!.DeepClone() };
        foreach (var part in new[] { "beta", "config", "step_arguments" })
            foreach (var (key, value) in golden[part] as JsonObject ?? [])
                config[key] = value?.DeepClone();
        return SamplerConfig.Parse(config.ToJsonString());
    }

    private static Dictionary<string, Tensor> GoldenTensors(string file)
    {
        var tensors = GoldenFile.Tensors($"diffusion/samplers/{file}.safetensors");
        foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope(); // shared by all cases
        return tensors;
    }
}

using System.Text.Json;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Diffusion;

public sealed class TimestepTableTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("diffusion/samplers/timesteps_sigmas.json").GetProperty("timesteps");

    public static TheoryData<string> Families => [.. Golden.EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void TimestepsEqualDiffusers(string family)
    {
        var parts = family.Split('/');
        var config = new SamplerConfig
        {
            BetaSchedule = BetaSchedule.ScaledLinear,
            BetaStart = .00085,
            BetaEnd = .012,
            SkipPrkSteps = parts[0] == "pndm_skip_prk",
            StepsOffset = family.EndsWith("offset1", StringComparison.Ordinal) ? 1 : 0,
            TimestepSpacing = Enum.TryParse<TimestepSpacing>(parts[1], ignoreCase: true, out var spacing) ? spacing : null,
        };
        string[] classes = parts[0] switch
        {
            "ddim+ddpm" => ["DDIMScheduler", "DDPMScheduler"],
            "dpm+unipc" => ["DPMSolverMultistepScheduler", "UniPCMultistepScheduler"],
            "euler+euler_a" => ["EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"],
            "lcm" => ["LCMScheduler"],
            _ => ["PNDMScheduler"],
        };
        foreach (var steps in Golden.GetProperty(family).EnumerateObject())
            foreach (var name in classes)
            {
                var sampler = Sampler.Create(config with { ClassName = name }, int.Parse(steps.Name));
                Assert.Equal(steps.Value.EnumerateArray().Select(t => t.GetDouble()), sampler.Timesteps, (a, b) => Math.Abs(a - b) < 1e-4);
            }
    }

    [Theory]
    [InlineData("DDIMScheduler", 0, "0 sampling steps: give 1 to 1000, the number of training steps")]
    [InlineData("LCMScheduler", 60, "60 sampling steps: give at most 50, the original_inference_steps of the consistency model")]
    public void ImpossibleStepsAreRefusedInOneLine(string name, int steps, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => Sampler.Create(new SamplerConfig { ClassName = name }, steps)).Message);
}

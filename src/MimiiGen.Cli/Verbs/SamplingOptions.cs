using System.CommandLine;
using MimiiGen.Generation;

namespace MimiiGen.Cli.Verbs;

/// <summary>How clips are sampled; what isn't given is as the model's folder says.</summary>
internal sealed class SamplingOptions
{
    private static readonly Dictionary<string, string> Samplers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ddim"] = "DDIMScheduler",
        ["ddpm"] = "DDPMScheduler",
        ["dpm++"] = "DPMSolverMultistepScheduler",
        ["euler"] = "EulerDiscreteScheduler",
        ["euler-ancestral"] = "EulerAncestralDiscreteScheduler",
        ["heun"] = "HeunDiscreteScheduler",
        ["unipc"] = "UniPCMultistepScheduler",
    };

    private readonly Option<string?> sampler = new("--sampler") { Description = string.Join(", ", Samplers.Keys), HelpName = "name" };
    private readonly Option<int?> steps = new("--steps") { Description = "Steps of the sampler", HelpName = "count" };
    private readonly Option<double?> guidance = new("--guidance") { Description = "Guidance scale: 1 for none", HelpName = "scale" };

    public void AddTo(Command verb)
    {
        verb.Options.Add(sampler);
        verb.Options.Add(steps);
        verb.Options.Add(guidance);
    }

    public SamplingSettings Read(ParseResult arguments) => new(ClassName(arguments.GetValue(sampler)), arguments.GetValue(steps), arguments.GetValue(guidance));

    private static string? ClassName(string? name) =>
        name is null ? null
        : Samplers.TryGetValue(name, out var className) ? className
        : throw new BadInputException($"--sampler {name}: give one of {string.Join(", ", Samplers.Keys)}");
}

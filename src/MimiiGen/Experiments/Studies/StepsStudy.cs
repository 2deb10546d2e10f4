using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Generation;

namespace MimiiGen.Experiments.Studies;

/// <summary>Quality against sampler, steps and guidance.</summary>
internal sealed class StepsStudy() : Study(
    "steps",
    "What do sampler, steps and guidance cost, and what are they worth?",
    "DDIM with 2, 5, 10, 20 and 50 steps; DPM-Solver++ with 5, 10 and 20; Euler, UniPC and Heun with 10; guidance 1, 1.5 and 3",
    "a machine with normal training clips and test clips of both classes",
    "sampling alone: nothing is trained",
    "The times are this machine's, for the network that was asked, clips made eight at once. What a sampler is worth depends on how well the network predicts: with a better one more steps may pay.")
{
    private static readonly (string Name, string Class, int Steps, double Guidance)[] Settings =
    [
        ("DDIM 10, 1", "DDIMScheduler", 10, 1),
        ("DDIM 2, 1", "DDIMScheduler", 2, 1),
        ("DDIM 5, 1", "DDIMScheduler", 5, 1),
        ("DDIM 20, 1", "DDIMScheduler", 20, 1),
        ("DDIM 50, 1", "DDIMScheduler", 50, 1),
        ("DDIM 10, 1.5", "DDIMScheduler", 10, 1.5),
        ("DDIM 10, 3", "DDIMScheduler", 10, 3),
        ("DPM++ 5, 1", "DPMSolverMultistepScheduler", 5, 1),
        ("DPM++ 10, 1", "DPMSolverMultistepScheduler", 10, 1),
        ("DPM++ 20, 1", "DPMSolverMultistepScheduler", 20, 1),
        ("UniPC 10, 1", "UniPCMultistepScheduler", 10, 1),
        ("Euler 10, 1", "EulerDiscreteScheduler", 10, 1),
        ("Heun 10, 1", "HeunDiscreteScheduler", 10, 1),
    ];

    internal override string Axis => "seconds per clip";

    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.AucDistance, Metric.NormalAuc];

    internal override IReadOnlyList<Arm> Arms(StudyData data) =>
    [
        .. Settings.Select((s, i) => new Arm(s.Name, $"{s.Class}, {s.Steps} steps, guidance {s.Guidance:0.#}", new Generated { Sampling = new SamplingSettings(s.Class, s.Steps, s.Guidance) })
        {
            Kind = i == 0 ? ArmKind.Reference : ArmKind.Variant,
        }),
    ];
}

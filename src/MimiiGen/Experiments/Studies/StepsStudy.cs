using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Generation;

namespace MimiiGen.Experiments.Studies;

/// <summary>Quality against sampler, steps and guidance.</summary>
internal sealed class StepsStudy() : Study(
    "steps",
    "What do sampler, steps and guidance cost, and what are they worth?",
    "DDIM with 5, 10, 20 and 50 steps; DPM-Solver++ with 5, 10 and 20; Euler, UniPC and Heun; guidance 1, 1.5 and 3",
    "a machine with normal training clips and test clips of both classes",
    "sampling alone: nothing is trained")
{
    private static readonly (string Name, string Class, int Steps, double Guidance)[] Settings =
    [
        ("DDIM 20, 1.5", "DDIMScheduler", 20, 1.5),
        ("DDIM 5, 1.5", "DDIMScheduler", 5, 1.5),
        ("DDIM 10, 1.5", "DDIMScheduler", 10, 1.5),
        ("DDIM 50, 1.5", "DDIMScheduler", 50, 1.5),
        ("DDIM 20, 1", "DDIMScheduler", 20, 1),
        ("DDIM 20, 3", "DDIMScheduler", 20, 3),
        ("DPM++ 5, 1.5", "DPMSolverMultistepScheduler", 5, 1.5),
        ("DPM++ 10, 1.5", "DPMSolverMultistepScheduler", 10, 1.5),
        ("DPM++ 20, 1.5", "DPMSolverMultistepScheduler", 20, 1.5),
        ("UniPC 10, 1.5", "UniPCMultistepScheduler", 10, 1.5),
        ("Euler 20, 1.5", "EulerDiscreteScheduler", 20, 1.5),
        ("Heun 10, 1.5", "HeunDiscreteScheduler", 10, 1.5),
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

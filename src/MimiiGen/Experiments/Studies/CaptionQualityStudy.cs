using MimiiGen.Captions;
using MimiiGen.Experiments.Arms;

namespace MimiiGen.Experiments.Studies;

/// <summary>What sparse and wrong metadata do.</summary>
internal sealed class CaptionQualityStudy() : Study(
    "caption-quality",
    "How does sparse or wrong metadata hurt?",
    "all that is known, without operating condition, without the fault, the machine alone, and 10, 30 and 50 % of all values wrong in training; all go on from one generator trained without captions",
    "training clips of at least two conditions",
    "one base (that of captions, where it has been run), then a short training of each arm with each seed",
    "What is missing or wrong changes two things at once, what the network is told and whose levels are drawn; which of them matters more is not told apart. A long training may bear noise differently from a short one.")
{
    private static readonly (string Name, CaptionDetail Detail)[] Sparse =
    [
        ("full", CaptionDetail.Full), ("no condition", CaptionDetail.NoCondition), ("no fault", CaptionDetail.NoAnomaly), ("machine alone", CaptionDetail.Machine),
    ];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        Conditions.RequireSeveral(data, "caption-quality");
        return
        [
            .. Sparse.Select(s => new Arm(s.Name, $"metadata reduced to: {s.Name}", new Generated
            {
                Recipe = Recipe(data) with { Known = (_, _, metadata) => metadata.Reduce(s.Detail) },
                Told = metadata => metadata.Reduce(s.Detail),
            }) { Kind = s.Detail == CaptionDetail.Full ? ArmKind.Reference : ArmKind.Variant }),
            .. new[] { 0.1, 0.3, 0.5 }.Select(rate => new Arm($"{rate:0%} wrong", $"{rate:0%} of the values wrong in training, right in requests", new Generated
            {
                Recipe = Recipe(data) with { Known = (seed, clip, metadata) => new MetadataNoise(rate, seed, data.Training.Select(c => c.Metadata)).Apply(metadata, clip) },
            })),
        ];
    }

    private static Recipe Recipe(StudyData data) => new() { Architecture = data.Architecture, FromBase = true };
}

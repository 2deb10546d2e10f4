namespace MimiiGen.Experiments.Arms;

/// <summary>Hands progress on under a stage's name of its own, so that a user sees which arm it is.</summary>
internal sealed class Renamed(IProgress<WorkProgress>? progress, string stage) : IProgress<WorkProgress>
{
    public void Report(WorkProgress value) => progress?.Report(value with { Stage = stage });
}

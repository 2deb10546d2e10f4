namespace MimiiGen.Tests.Training;

/// <summary>Hands each report on at once, on the thread it comes from.</summary>
internal sealed class EachReport(Action<WorkProgress> receive) : IProgress<WorkProgress>
{
    void IProgress<WorkProgress>.Report(WorkProgress value) => receive(value);
}

namespace MimiiGen.Tests.Training;

/// <summary>Asks for a stop once a stage has come to a step, as Ctrl-C would.</summary>
internal sealed class StopAt(string stage, int step) : IProgress<WorkProgress>, IDisposable
{
    private readonly CancellationTokenSource source = new();

    public CancellationToken Token => source.Token;

    public void Report(WorkProgress value)
    {
        if (value.Stage == stage && value.Done >= step) source.Cancel();
    }

    public void Dispose() => source.Dispose();
}

namespace MimiiGen.Cli.Framework;

/// <summary>Reports a share of one stage, for calls into the library that tell no more than that.</summary>
internal sealed class StageProgress(string stage, IProgress<WorkProgress> progress) : IProgress<double>
{
    public void Report(double value) => progress.Report(new WorkProgress(stage, value, 1));
}

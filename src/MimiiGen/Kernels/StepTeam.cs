namespace MimiiGen.Kernels;

/// <summary>Threads that take the steps of a recurrence together: nobody begins a step before all have finished the one before.</summary>
internal static class StepTeam
{
    /// <param name="members">Threads, the caller's among them.</param>
    /// <param name="steps">Steps to take.</param>
    /// <param name="body">Called with the member, the number of members, and the step.</param>
    public static void Run(int members, int steps, Action<int, int, int> body)
    {
        var arrived = new int[steps];
        var others = Enumerable.Range(1, members - 1).Select(member => new Thread(() => Take(member)) { IsBackground = true }).ToArray();
        foreach (var thread in others) thread.Start();
        Take(0);
        foreach (var thread in others) thread.Join();

        void Take(int member)
        {
            for (var step = 0; step < steps; step++)
            {
                body(member, members, step);
                if (members == 1) continue;
                Interlocked.Increment(ref arrived[step]);
                var wait = new SpinWait();
                while (Volatile.Read(ref arrived[step]) < members) wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}

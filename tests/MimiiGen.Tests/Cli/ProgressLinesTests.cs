using MimiiGen.Cli.Framework;

namespace MimiiGen.Tests.Cli;

public sealed class ProgressLinesTests
{
    [Fact]
    public void TellsNowAndThenWithTheTimeLeft()
    {
        var clock = new SetClock();
        var writer = new StringWriter();
        var lines = new ProgressLines(writer, clock);

        for (var step = 0; step <= 100; step++)
        {
            clock.Seconds = step;
            lines.Report(new WorkProgress("Training", step, 100, step == 20 ? "loss 0.5" : null));
        }

        Assert.Equal(
            [
                "Training 0 %", "Training 10 %, 1:30 min left", "Training 20 %, loss 0.5, 1:20 min left", "Training 30 %, 1:10 min left",
                "Training 40 %, 1:00 min left", "Training 50 %, 50 s left", "Training 60 %, 40 s left", "Training 70 %, 30 s left",
                "Training 80 %, 20 s left", "Training 90 %, 10 s left", "Training 100 %, took 1:40 min",
            ],
            writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void ResumedWorkIsTimedFromWhereItWasResumed()
    {
        var clock = new SetClock();
        var writer = new StringWriter();
        var lines = new ProgressLines(writer, clock);

        lines.Report(new WorkProgress("Training", 80, 100));
        clock.Seconds = 10;
        lines.Report(new WorkProgress("Training", 90, 100));

        Assert.EndsWith("Training 90 %, 10 s left\n", writer.ToString(), StringComparison.Ordinal);
    }

    private sealed class SetClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}

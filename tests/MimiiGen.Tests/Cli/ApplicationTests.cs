using System.CommandLine;
using System.Text.Json;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;

namespace MimiiGen.Tests.Cli;

public sealed class ApplicationTests
{
    [Fact]
    public async Task ResultAloneGoesToStdout()
    {
        var ended = await Run(["try"], context =>
        {
            context.Log("a remark");
            context.Progress.Report(new WorkProgress("Counting", 1, 2));
        });

        Assert.Equal(0, ended.Code);
        Assert.Equal("forty-two", ended.Output.Trim());
        Assert.Contains("a remark", ended.Error);
        Assert.Contains("Counting 50 %", ended.Error);
    }

    [Fact]
    public async Task JsonIsOneDocument()
    {
        var ended = await Run(["try", "--json"]);

        using var document = JsonDocument.Parse(ended.Output);
        Assert.Equal(42, document.RootElement.GetProperty("theAnswer").GetInt32());
    }

    [Fact]
    public async Task BadInputEndsWith2AndOneLine()
    {
        var ended = await Run(["try"], _ => throw new BadInputException("a.wav: no samples"));

        Assert.Equal(new Ended(2, "", "a.wav: no samples\n"), ended);
    }

    [Fact]
    public async Task FailureEndsWith1AndOneLineUnlessVerbose()
    {
        var ended = await Run(["try"], _ => throw new InvalidOperationException("first\nsecond"));
        Assert.Equal(new Ended(1, "", "failed: first second\n"), ended);

        var verbose = await Run(["try", "--verbose"], _ => throw new InvalidOperationException("first"));
        Assert.Contains("   at ", verbose.Error);
    }

    [Fact]
    public async Task StopEndsWith130()
    {
        using var stop = new CancellationTokenSource();
        var ended = await Run(["try"], context =>
        {
            stop.Cancel();
            context.Cancellation.ThrowIfCancellationRequested();
        }, stop);

        Assert.Equal(new Ended(130, "", "stopped\n"), ended);
    }

    [Theory]
    [InlineData("", "A verb is missing. See 'mimiigen --help'.")]
    [InlineData("tyr", "'tyr' is no verb here. See 'mimiigen --help'.")]
    [InlineData("try --bogus", "'--bogus' is no option or argument here. See 'mimiigen try --help'.")]
    [InlineData("try --threads 0", "--threads must be 1 or more. See 'mimiigen try --help'.")]
    [InlineData("try --threads x", "Cannot parse argument 'x' for option '--threads' as a whole number. See 'mimiigen try --help'.")]
    public async Task WrongUsageEndsWith2AndOneLine(string line, string message)
    {
        var ended = await Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(new Ended(2, "", message + "\n"), ended);
    }

    [Fact]
    public async Task UnknownDeviceIsBadInput()
    {
        var ended = await Run(["try", "--device", "tpu"], context => _ = context.Device);

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("device 'tpu': this machine has ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpShowsExamples()
    {
        var ended = await Run(["try", "--help"]);

        Assert.Equal(0, ended.Code);
        Assert.Contains("Examples:\n  mimiigen try --seed 3\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DoctorNamesWhatItLookedAt()
    {
        var output = new StringWriter();
        await Application.RunAsync(["doctor", "--json"], [new DoctorVerb()], output, TextWriter.Null, TestContext.Current.CancellationToken);

        using var document = JsonDocument.Parse(output.ToString());
        var subjects = document.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("subject").GetString());
        Assert.Superset(new HashSet<string?> { "processor", "memory", "free disk", "torch", "native library", "devices", "matmul" }, subjects.ToHashSet());
    }

    private static async Task<Ended> Run(string[] args, Action<VerbContext>? work = null, CancellationTokenSource? stop = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Application.RunAsync(args, [new TryVerb(work ?? (_ => { }))], output, error, stop?.Token ?? CancellationToken.None);
        return new Ended(code, output.ToString(), error.ToString());
    }

    private sealed record Ended(int Code, string Output, string Error);

    private sealed class TryVerb : Verb
    {
        private readonly Action<VerbContext> work;

        public TryVerb(Action<VerbContext> work)
            : base("try", "Tries the program around the verbs.", "mimiigen try --seed 3")
        {
            this.work = work;
            Options.Add(CommonOptions.Seed());
        }

        public override VerbResult Run(ParseResult arguments, VerbContext context)
        {
            work(context);
            return new VerbResult(new { TheAnswer = 42 }, console => console.Write(new Spectre.Console.Text("forty-two\n")));
        }
    }
}

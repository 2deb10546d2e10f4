using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using TorchSharp;

namespace MimiiGen.Cli.Framework;

/// <summary>
/// The program around the verbs: parses, runs one verb, writes its result to stdout and everything else to stderr,
/// and turns failures into one line and an exit code.
/// </summary>
internal static class Application
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <param name="args">The command line without the program's name.</param>
    /// <param name="verbs">Verbs, and groups of verbs.</param>
    /// <param name="output">Takes the result.</param>
    /// <param name="error">Takes progress, logs, and the one line of a failure.</param>
    /// <param name="cancellation">Asks for a stop.</param>
    public static async Task<int> RunAsync(
        string[] args, IEnumerable<Command> verbs, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var common = new CommonOptions();
        // not a RootCommand, which names itself after the program's file
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        help.Recursive = true;
        var root = new Command("mimiigen", "Generates the sounds of machines, healthy and faulty, and judges anomaly detectors on them.")
        {
            help,
            new VersionOption(),
        };
        common.AddTo(root);
        foreach (var verb in verbs) root.Subcommands.Add(verb);
        foreach (var verb in Verbs(root)) verb.SetAction((arguments, stop) => ActAsync(verb, arguments, common, output, error, stop));

        ParseResult parsed;
        try
        {
            parsed = root.Parse(args);
        }
        catch (BadInputException e) // an option's default that is not there
        {
            error.WriteLine(e.Message);
            return ExitCode.BadInput;
        }

        if (parsed.Action is ParseErrorAction)
        {
            error.WriteLine(UsageError.Of(parsed));
            return ExitCode.BadInput;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(configuration, cancellation);
    }

    private static async Task<int> ActAsync(
        Verb verb, ParseResult arguments, CommonOptions common, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            torch.set_num_threads(arguments.GetValue(common.Threads));
            var result = await ProgressDisplay.RunAsync(error, (progress, log) =>
                verb.Run(arguments, new VerbContext(arguments.GetValue(common.Device)!, progress, log, cancellation)));
            if (arguments.GetValue(common.Json)) output.WriteLine(JsonSerializer.Serialize(result.Document, JsonFormat));
            else result.Show(ConsoleFor(output));
            return result.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("stopped");
            return ExitCode.Stopped;
        }
#pragma warning disable CA1031 // the outermost place: whatever went wrong ends in one line and an exit code
        catch (Exception e)
#pragma warning restore CA1031
        {
            // a native library that can't be loaded shows itself in the initialiser of whatever is touched first
            var cause = e;
            while (cause is TypeInitializationException or AggregateException && cause.InnerException is not null) cause = cause.InnerException;
            error.WriteLine(cause is BadInputException ? cause.Message : $"failed: {cause.Message.ReplaceLineEndings(" ")}");
            if (arguments.GetValue(common.Verbose)) error.WriteLine(e);
            return cause is BadInputException ? ExitCode.BadInput : ExitCode.Failed;
        }
    }

    private static IEnumerable<Verb> Verbs(Command command) =>
        command.Subcommands.SelectMany(c => c is Verb verb ? [verb] : Verbs(c));

    /// <summary>A terminal gets colours and its own width; a file or pipe gets plain text of 120 columns.</summary>
    internal static IAnsiConsole ConsoleFor(TextWriter writer)
    {
        var terminal = IsTerminal(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!terminal) console.Profile.Width = 120;
        return console;
    }

    internal static bool IsTerminal(TextWriter writer) =>
        (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected) ||
        (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MimiiGen.Generation;

namespace MimiiGen.Cli.Verbs;

/// <summary>What a clip takes from a given recording.</summary>
internal sealed class EditingOptions
{
    private const string Allowed = "with --source give one of --strength (the whole, changed), --fill (a span anew) or --continue (longer)";

    private readonly Option<string?> source = new("--source") { Description = "A recording to start from: WAV", HelpName = "file" };
    private readonly Option<int> channel = new("--channel") { Description = "Its channel, counted from 0", HelpName = "number" };
    private readonly Option<double?> strength = new("--strength") { Description = "Changes the whole recording: above 0 (hardly) to 1 (anew)", HelpName = "share" };
    private readonly Option<string?> fill = new("--fill") { Description = "Makes a span of it anew", HelpName = "from-to" };
    private readonly Option<bool> continuation = new("--continue") { Description = "Continues it up to --duration" };

    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { source, channel, strength, fill, continuation }) verb.Options.Add(option);
    }

    /// <summary>The edit and the clip's duration: the recording's own where none is given.</summary>
    public (ClipEdit? Edit, double Seconds) Read(ParseResult arguments, Option<double> duration)
    {
        var seconds = arguments.GetValue(duration);
        var ways = new Option[] { strength, fill, continuation }.Count(option => Given(arguments, option));
        if (arguments.GetValue(source) is not { } path)
            return ways == 0 && !Given(arguments, channel) ? (null, seconds) : throw new BadInputException($"--strength, --fill, --continue and --channel need --source; {Allowed}");
        if (ways != 1) throw new BadInputException($"{Allowed}, not {(ways == 0 ? "none" : "several")}");
        var sound = SourceSound.Read(path, arguments.GetValue(channel));
        if (arguments.GetValue(continuation)) return (Filling.Continue(sound, seconds), seconds);
        if (!Given(arguments, duration)) seconds = sound.Seconds;
        if (arguments.GetValue(strength) is { } share) return (new Variation(sound, share), seconds);
        var (from, to) = Span(arguments.GetValue(fill)!);
        return (new Filling(sound, from, to), seconds);
    }

    private static bool Given(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    private static (double From, double To) Span(string text)
    {
        var ends = text.Split('-');
        return ends.Length == 2 && Number(ends[0]) is { } from && Number(ends[1]) is { } to ? (from, to) : throw new BadInputException($"--fill {text}: give two times in seconds, such as 2-4.5");

        static double? Number(string value) => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

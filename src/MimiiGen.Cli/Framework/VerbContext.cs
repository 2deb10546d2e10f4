using static TorchSharp.torch;

namespace MimiiGen.Cli.Framework;

/// <summary>What every verb works with, set up from the options that all verbs share.</summary>
internal sealed class VerbContext
{
    private readonly string deviceName;
    private readonly Action<string> log;

    public VerbContext(string deviceName, IProgress<WorkProgress> progress, Action<string> log, CancellationToken cancellation)
    {
        this.deviceName = deviceName;
        this.log = log;
        Progress = progress;
        Cancellation = cancellation;
    }

    /// <summary>Where to show how far the work is; to be handed to the library.</summary>
    public IProgress<WorkProgress> Progress { get; }

    /// <summary>Set by Ctrl-C; to be handed to the library.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The device of <c>--device</c>; asked for only by verbs that compute.</summary>
    /// <exception cref="BadInputException">This machine lacks it.</exception>
    public Device Device => Runtime.Devices.Parse(deviceName);

    /// <summary>One line on stderr: something the user should know and that is no result.</summary>
    public void Log(string line) => log(line);
}

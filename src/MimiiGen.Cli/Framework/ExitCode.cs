namespace MimiiGen.Cli.Framework;

/// <summary>How the program ended; scripts hold on to these numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work was begun and failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad input or wrong usage; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT, as shells count).</summary>
    public const int Stopped = 130;
}

namespace MimiiGen;

/// <summary>
/// Something a user gave can't be used. The message is one line: what is wrong, where, and how to mend it.
/// The command line prints it without a stack trace and ends with exit code 2.
/// </summary>
public sealed class BadInputException : Exception
{
    /// <summary>One line: what, where, how to mend it.</summary>
    public BadInputException(string message)
        : base(message)
    {
    }

    /// <summary>One line: what, where, how to mend it; with the failure that showed it.</summary>
    public BadInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

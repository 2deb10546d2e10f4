namespace MimiiGen.Evaluation.Report;

/// <summary>A real clip and a generated one of the same metadata, shown side by side.</summary>
/// <param name="Machine">As in <see cref="MachineResult.Machine"/>.</param>
/// <param name="Id">As in <see cref="MachineResult.Id"/>.</param>
/// <param name="Class"><c>normal</c> or <c>anomaly</c>.</param>
/// <param name="Caption">The caption that the clip was generated from.</param>
/// <param name="Real">Path of the real WAV file, absolute or relative to the report's folder; its first channel is shown.</param>
/// <param name="Generated">Path of the generated WAV file, likewise.</param>
public sealed record ClipPair(string Machine, string Id, string Class, string Caption, string Real, string Generated)
{
    /// <summary>Why it is shown, in a few words; empty for the first of its class.</summary>
    public string Note { get; init; } = "";
}

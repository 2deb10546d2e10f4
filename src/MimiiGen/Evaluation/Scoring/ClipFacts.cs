namespace MimiiGen.Evaluation.Scoring;

/// <summary>What is known of a clip's sound apart from its embedding.</summary>
/// <param name="SampleRate">Hz.</param>
/// <param name="Channels">Channels of the file; one of them is looked at.</param>
/// <param name="Frames">Samples a channel.</param>
/// <param name="Silent">No two samples differ by a step of 16 bits.</param>
/// <param name="Clipped">Samples in runs that stay at full scale.</param>
/// <param name="Levels">Level and octave bands in dB.</param>
public sealed record ClipFacts(int SampleRate, int Channels, long Frames, bool Silent, int Clipped, AverageLevels Levels)
{
    /// <summary>Length in seconds.</summary>
    public double Seconds => (double)Frames / SampleRate;
}

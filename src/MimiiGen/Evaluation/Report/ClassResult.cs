using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>Generated clips of one class against the real ones.</summary>
public sealed record ClassResult
{
    /// <summary><c>normal</c> or <c>anomaly</c>.</summary>
    [JsonPropertyName("class")]
    public required string Name { get; init; }

    /// <summary>Standard deviation of band levels between real clips in dB, mean over bands.</summary>
    public required double RealSpreadDb { get; init; }

    /// <summary>The same between generated clips.</summary>
    public required double GeneratedSpreadDb { get; init; }

    /// <summary>Generated over real: 1 is right.</summary>
    public double SpreadRatio => GeneratedSpreadDb / RealSpreadDb;

    /// <summary>Mean level, generated minus real, in dB.</summary>
    public required double LevelErrorDb { get; init; }

    /// <summary>Mean level in octave bands, generated minus real, in dB; keys are centre frequencies in Hz.</summary>
    public required IReadOnlyDictionary<int, double> BandErrorDb { get; init; }
}

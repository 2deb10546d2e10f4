using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>Generated clips of one class against the real ones.</summary>
public sealed record ClassResult : ClassDifference
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

    /// <summary>
    /// What the machine's training clips of this class have instead of the generated ones: recordings differ from recordings too, and a generator of the ones can't be
    /// nearer to the others but by luck. Null where there are none.
    /// </summary>
    public ClassDifference? Training { get; init; }
}

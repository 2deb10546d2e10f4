using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>How clips of one class differ, on average, from the real test clips of that class.</summary>
public record ClassDifference
{
    private const double Like = 0.2;

    /// <summary>Mean level minus that of the real test clips, in dB.</summary>
    public required double LevelErrorDb { get; init; }

    /// <summary>Mean level in octave bands, the same, in dB; keys are centre frequencies in Hz.</summary>
    public required IReadOnlyDictionary<int, double> BandErrorDb { get; init; }

    /// <summary>(128): variance over time of each mel band's level over that of the real test clips; 1 is right, below it clips are too smooth.</summary>
    public required IReadOnlyList<double> TimeVarianceRatio { get; init; }

    /// <summary>In how many mel bands that variance is within 20 % of the real one.</summary>
    [JsonIgnore]
    public int BandsAsVaried => TimeVarianceRatio.Count(r => Math.Abs(r - 1) <= Like);
}

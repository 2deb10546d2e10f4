using System.Text.Json.Serialization;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// AUCs of real normal test clips against clips that should sound just as normal. 0.5 is right for each: the detector
/// must not tell them apart. What lies above (or below) it comes from the processing, not from the machine.
/// </summary>
public sealed record ControlResult
{
    /// <summary>For reading a file.</summary>
    [JsonConstructor]
    public ControlResult()
    {
    }

    /// <summary>All four.</summary>
    public ControlResult(Interval resamplingAuc, Interval codecRoundTripAuc, Interval trainingNormalAuc, Interval generatedNormalAuc) =>
        (ResamplingAuc, CodecRoundTripAuc, TrainingNormalAuc, GeneratedNormalAuc) = (resamplingAuc, codecRoundTripAuc, trainingNormalAuc, generatedNormalAuc);

    /// <summary>Against the same clips sent only through the two resamplings of the generation path.</summary>
    public Interval ResamplingAuc { get; init; }

    /// <summary>Against the same clips sent once through the codec.</summary>
    public Interval CodecRoundTripAuc { get; init; }

    /// <summary>
    /// Against the normal training clips, which the detector learned from: not 0.5 where training and test recordings themselves differ to the detector, which a generator
    /// of the former can't mend. Lower than of other recordings, for it knows these.
    /// </summary>
    public Interval TrainingNormalAuc { get; init; }

    /// <summary>Against generated normal clips.</summary>
    public Interval GeneratedNormalAuc { get; init; }
}

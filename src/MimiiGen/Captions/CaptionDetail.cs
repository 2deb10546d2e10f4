using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>How much of what is known a caption tells: the dial of experiments on caption quality.</summary>
public enum CaptionDetail
{
    /// <summary>Every fact.</summary>
    Full,

    /// <summary>Nothing of the anomaly: a faulty machine is described as if it were healthy.</summary>
    NoAnomaly,

    /// <summary>The machine (type, id, model) and its state, without the conditions it runs and is recorded under.</summary>
    NoCondition,

    /// <summary>The type of machine alone.</summary>
    Machine,
}

/// <summary>Takes from metadata what a caption is not to tell.</summary>
public static class CaptionDetails
{
    private static readonly string[] OfTheMachine = ["type", "model", "id"];

    /// <summary>The metadata that is left.</summary>
    public static ClipMetadata Reduce(this ClipMetadata metadata, CaptionDetail detail)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return detail switch
        {
            CaptionDetail.Full => metadata,
            CaptionDetail.NoAnomaly => metadata with { Anomaly = false, AnomalyType = null },
            CaptionDetail.NoCondition => new ClipMetadata
            {
                Machine = metadata.Machine,
                Id = metadata.Id,
                Anomaly = metadata.Anomaly,
                AnomalyType = metadata.AnomalyType,
                Attributes = [.. metadata.Attributes.Where(a => OfTheMachine.Contains(AttributeNames.Canonical(a.Name)))],
            },
            CaptionDetail.Machine => new ClipMetadata { Machine = metadata.Machine },
            _ => throw new ArgumentOutOfRangeException(nameof(detail), detail, "no such detail"),
        };
    }
}

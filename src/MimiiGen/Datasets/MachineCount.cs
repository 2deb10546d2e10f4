namespace MimiiGen.Datasets;

/// <summary>How many recordings a dataset has of one machine in one section and domain, under one noise.</summary>
/// <param name="Machine">Machine type.</param>
/// <param name="Id">Which machine; null where the dataset names none.</param>
/// <param name="SnrDb">Signal-to-noise ratio in dB; null where the dataset names none.</param>
/// <param name="Normal">Recordings of the healthy machine.</param>
/// <param name="Abnormal">Recordings of the faulty machine.</param>
/// <param name="Train">Recordings that may be learned from, by the dataset's split.</param>
/// <param name="Test">Recordings that are tested on, by the dataset's split.</param>
public sealed record MachineCount(string Machine, string? Id, string? SnrDb, int Normal, int Abnormal, int Train, int Test)
{
    /// <summary>Section of the DCASE sets; null where the dataset names none.</summary>
    public string? Section { get; init; }

    /// <summary>source or target; null where the dataset names none.</summary>
    public string? Domain { get; init; }

    /// <summary>Recordings of which nothing says whether the machine is healthy; they count neither as normal nor as abnormal.</summary>
    public int Unlabelled { get; init; }
}

namespace MimiiGen.Datasets;

/// <summary>How many recordings a dataset has of one machine under one noise.</summary>
/// <param name="Machine">Machine type.</param>
/// <param name="Id">Which machine; null where the dataset names none.</param>
/// <param name="SnrDb">Signal-to-noise ratio in dB; null where the dataset names none.</param>
/// <param name="Normal">Recordings of the healthy machine.</param>
/// <param name="Abnormal">Recordings of the faulty machine.</param>
/// <param name="Train">Recordings that may be learned from, by the dataset's split.</param>
/// <param name="Test">Recordings that are tested on, by the dataset's split.</param>
public sealed record MachineCount(string Machine, string? Id, string? SnrDb, int Normal, int Abnormal, int Train, int Test);

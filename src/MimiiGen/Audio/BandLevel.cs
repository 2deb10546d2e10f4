namespace MimiiGen.Audio;

/// <summary>The level of one frequency band.</summary>
/// <param name="Centre">Exact centre frequency in Hz.</param>
/// <param name="Decibels">10 log10 of the band's mean square; 0 dB is a mean square of 1.</param>
public readonly record struct BandLevel(double Centre, double Decibels);

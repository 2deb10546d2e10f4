namespace MimiiGen.Generation;

/// <summary>Which of a clip's noises is which (<see cref="Diffusion.ClipNoise"/>): 0 begins the sampling, 1 + i is the i-th that a sampler draws.</summary>
internal static class NoiseStreams
{
    public const ulong Start = 0;

    /// <summary>On the part of a given recording that is kept.</summary>
    public const ulong Kept = 1UL << 62;

    /// <summary>How much of a deviation the levels take.</summary>
    public const ulong Levels = 1UL << 63;

    /// <summary>Which clip's deviation it is.</summary>
    public const ulong Deviation = Levels + 1;

    /// <summary>What takes the place of what the codec's latents tell only the level of.</summary>
    public const ulong Substitution = Levels + 2;

    /// <summary>When what comes and goes does so (<see cref="Audio.FineVariation"/>).</summary>
    public const ulong Events = Levels + 3;

    public static ulong Step(int index) => 1 + (ulong)index;
}

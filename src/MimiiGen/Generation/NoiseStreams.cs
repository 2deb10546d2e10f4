namespace MimiiGen.Generation;

/// <summary>Which of a clip's noises is which (<see cref="Diffusion.ClipNoise"/>): 0 begins the sampling, 1 + i is the i-th that a sampler draws.</summary>
internal static class NoiseStreams
{
    public const ulong Start = 0;

    /// <summary>On the part of a given recording that is kept.</summary>
    public const ulong Kept = 1UL << 62;

    /// <summary>By which clip's difference from its nearest the levels are moved.</summary>
    public const ulong Difference = 1UL << 63;

    /// <summary>What takes the place of what the codec's latents tell only the level of.</summary>
    public const ulong Substitution = Difference + 1;

    public static ulong Step(int index) => 1 + (ulong)index;
}

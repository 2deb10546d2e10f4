namespace MimiiGen.Datasets;

/// <summary>What a clip may be used for.</summary>
public enum Split
{
    /// <summary>Codec, generator and detector may learn from it.</summary>
    Train,

    /// <summary>Nothing may learn from it; the evaluation tests on it.</summary>
    Test,
}

namespace MimiiGen.Experiments.Arms;

/// <summary>What an arm is there for.</summary>
public enum ArmKind
{
    /// <summary>It is compared with the reference.</summary>
    Variant,

    /// <summary>The others are compared with it.</summary>
    Reference,

    /// <summary>Real clips against real clips: the numbers where nothing is generated.</summary>
    Floor,

    /// <summary>Real clips through the codec: the numbers of a perfect generator.</summary>
    Ceiling,
}

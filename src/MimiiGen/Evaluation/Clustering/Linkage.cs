namespace MimiiGen.Evaluation.Clustering;

/// <summary>How far two clusters are apart.</summary>
public enum Linkage
{
    /// <summary>The growth of the variance if they were one (Ward 1963).</summary>
    Ward,

    /// <summary>The mean distance of their points.</summary>
    Average,

    /// <summary>The largest distance of their points.</summary>
    Complete,

    /// <summary>The smallest distance of their points.</summary>
    Single,
}

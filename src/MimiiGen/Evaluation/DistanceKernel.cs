namespace MimiiGen.Evaluation;

/// <summary>Kernels of the squared distance d², with g = 1 / (2 bandwidth² + 1e-8).</summary>
public enum DistanceKernel
{
    /// <summary>exp(-g d²).</summary>
    Gaussian,

    /// <summary>1 / (1 + g d²).</summary>
    InverseQuadratic,

    /// <summary>1 / sqrt(1 + g d²).</summary>
    InverseMultiquadric,
}

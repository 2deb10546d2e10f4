namespace MimiiGen.Evaluation.Report;

/// <summary>
/// Memorisation: how near generated clips come to training clips, against how near real test clips come to them by themselves.
/// Distances are of one kind, whatever it is; only their ratio is judged.
/// </summary>
/// <param name="GeneratedDistance">Mean distance of a generated clip to the training clip nearest to it.</param>
/// <param name="RealDistance">Mean distance of a real test clip to the training clip nearest to it.</param>
/// <param name="ClosestGenerated">The generated clip that comes nearest to any training clip.</param>
/// <param name="ClosestTraining">That training clip.</param>
/// <param name="ClosestDistance">Their distance.</param>
/// <param name="NearerShare">Share of the generated clips, 0 to 1, that are nearer to a training clip than any real test clip is.</param>
public sealed record NearestTraining(
    double GeneratedDistance, double RealDistance, string ClosestGenerated, string ClosestTraining, double ClosestDistance, double NearerShare)
{
    /// <summary>Generated over real: about 1 is right, towards 0 the clips are copies, far above 1 they are like nothing real.</summary>
    public double Ratio => GeneratedDistance / RealDistance;
}

namespace MimiiGen.Evaluation;

/// <summary>What a codec does to a machine's test clips at one bandwidth.</summary>
/// <param name="Machine">Machine type.</param>
/// <param name="Id">Which machine of that type.</param>
/// <param name="Bandwidth">kbit/s; none: latents that are not quantised.</param>
/// <param name="Fidelity">How near the clips come back.</param>
/// <param name="Auc">The detector's AUC on clips from the codec.</param>
/// <param name="AucDifference">That less the AUC on the originals; the interval is of pairs of clips.</param>
/// <param name="NormalAuc">The detector's AUC between original normal clips and the same ones from the codec: 0.5 where it can't tell them apart.</param>
public sealed record BandwidthRow(
    string Machine, string Id, double? Bandwidth, CopyFidelity Fidelity, Interval Auc, Interval AucDifference, Interval NormalAuc);

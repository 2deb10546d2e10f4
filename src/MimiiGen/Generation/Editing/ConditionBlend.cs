using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>
/// A second condition that a clip goes towards. The predictions for the two captions are mixed (Liu et al. 2022, "Compositional visual generation with
/// composable diffusion models"), which needs no captions of equal length, and so are the levels drawn for both.
/// </summary>
/// <param name="Caption">Its caption.</param>
/// <param name="Share">0 (the first condition alone) to 1 (this one alone).</param>
/// <param name="Metadata">What the caption was written from; null for a caption of the user's own.</param>
public sealed record ConditionBlend(string Caption, double Share, ClipMetadata? Metadata = null)
{
    internal void Check()
    {
        if (Share is not (>= 0 and <= 1)) throw new BadInputException($"share {Share}: give 0 (the first condition) to 1 (the second)");
    }
}

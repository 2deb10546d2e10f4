using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>A condition that a model was trained on.</summary>
/// <param name="Metadata">What is known of its clips.</param>
/// <param name="Caption">The caption that it was trained with.</param>
public sealed record KnownCondition(ClipMetadata Metadata, string Caption);

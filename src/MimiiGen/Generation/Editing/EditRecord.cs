namespace MimiiGen.Generation;

/// <summary>What a clip's record says of the recording it was made from.</summary>
/// <param name="Source">The recording's file.</param>
/// <param name="SourceSha256">Of that file.</param>
/// <param name="Strength">How far it was changed, where it was as a whole.</param>
/// <param name="From">Where the span made anew begins, in seconds.</param>
/// <param name="To">Where it ends.</param>
public sealed record EditRecord(string Source, string SourceSha256, double? Strength, double? From, double? To)
{
    internal static EditRecord? Of(ClipEdit? edit) => edit switch
    {
        Variation variation => new(edit.Source.Name, edit.Source.Sha256, variation.Strength, null, null),
        Filling filling => new(edit.Source.Name, edit.Source.Sha256, null, filling.From, filling.To),
        _ => null,
    };
}

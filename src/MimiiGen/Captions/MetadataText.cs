using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>Metadata as a plain list without a sentence around it: what a text encoder is given where captions are to prove their worth.</summary>
public static class MetadataText
{
    /// <summary>Every fact as name: value, as in <c>machine: fan; model: 00; state: anomaly; signal-to-noise ratio: 0 dB</c>.</summary>
    public static string Write(ClipMetadata metadata) =>
        string.Join("; ", CaptionFact.Of(metadata).Select(f => f.Value.Length == 0 ? f.Name : $"{f.Name}: {f.Value}{(f.Unit.Length > 0 ? " " : "")}{f.Unit}"));
}

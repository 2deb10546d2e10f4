using System.Text.Json.Serialization;

namespace MimiiGen.Datasets;

/// <summary>What can be wrong with a recording.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemKind>))]
public enum ProblemKind
{
    /// <summary>It can't be read, or has no place in the layout, and is left out.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,

    /// <summary>The file ends before its header says; what is there can be used.</summary>
    [JsonStringEnumMemberName("truncated")]
    Truncated,

    /// <summary>It holds samples that are NaN or infinite.</summary>
    [JsonStringEnumMemberName("notANumber")]
    NotANumber,

    /// <summary>A channel holds nothing but silence.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>It is too short for a detector's smallest input.</summary>
    [JsonStringEnumMemberName("tooShort")]
    TooShort,

    /// <summary>Another file of the dataset holds the same bytes.</summary>
    [JsonStringEnumMemberName("duplicate")]
    Duplicate,

    /// <summary>A table tells of a recording that isn't there.</summary>
    [JsonStringEnumMemberName("attributesWithoutClip")]
    AttributesWithoutClip,

    /// <summary>The machine has a table of attributes, and this recording has no row in it.</summary>
    [JsonStringEnumMemberName("clipWithoutAttributes")]
    ClipWithoutAttributes,
}

using System.Text.Json.Serialization;

namespace MimiiGen.Diffusion;

/// <summary>Which of the training steps a sampler visits (Lin et al. 2023, table 2).</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<TimestepSpacing>))]
public enum TimestepSpacing
{
    /// <summary>Every n-th from 0 up: never the last, though sampling starts from pure noise.</summary>
    Leading,

    /// <summary>Every n-th from the last down.</summary>
    Trailing,

    /// <summary>Equal steps with both ends.</summary>
    Linspace,
}

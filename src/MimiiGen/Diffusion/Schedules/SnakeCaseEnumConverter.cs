using System.Text.Json;
using System.Text.Json.Serialization;

namespace MimiiGen.Diffusion;

/// <summary>Enums as published configs write them: v_prediction, scaled_linear.</summary>
internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

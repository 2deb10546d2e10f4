using System.Text.Json.Serialization;

namespace MimiiGen.Diffusion;

/// <summary>How the noise added per training step grows, with diffusers' names.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<BetaSchedule>))]
public enum BetaSchedule
{
    /// <summary>Beta rises linearly (Ho et al. 2020).</summary>
    Linear,

    /// <summary>The root of beta rises linearly (latent diffusion, Tango, AudioLDM).</summary>
    ScaledLinear,

    /// <summary>The product of alphas follows a squared cosine (Nichol and Dhariwal 2021).</summary>
    [JsonStringEnumMemberName("squaredcos_cap_v2")]
    SquaredcosCapV2,
}

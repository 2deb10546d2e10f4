using System.Text.Json;
using System.Text.Json.Serialization;
using MimiiGen.Checkpoints;

namespace MimiiGen.Diffusion;

/// <summary>
/// The published <c>scheduler_config.json</c> of diffusers' schedulers, read and written with its own keys: the noise schedule a model was
/// trained with, and how to sample from it. A sampler takes from it what concerns it. Defaults are diffusers', except that nothing is clipped.
/// </summary>
public sealed record SamplerConfig
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>Which sampler, by diffusers' class name.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; init; } = "DDIMScheduler";

    /// <summary>Number of training steps.</summary>
    public int NumTrainTimesteps { get; init; } = 1000;

    /// <summary>Shape of the schedule.</summary>
    public BetaSchedule BetaSchedule { get; init; } = BetaSchedule.Linear;

    /// <summary>First beta, for linear and scaled_linear.</summary>
    public double BetaStart { get; init; } = 1e-4;

    /// <summary>Last beta, for linear and scaled_linear.</summary>
    public double BetaEnd { get; init; } = 0.02;

    /// <summary>Stretches the schedule to pure noise at the last step; not with epsilon.</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>What the network predicts.</summary>
    public PredictionType PredictionType { get; init; } = PredictionType.Epsilon;

    /// <summary>Which timesteps are visited; null for the sampler's own default: linspace for DPM, UniPC, Euler and Heun, leading for the others.</summary>
    public TimestepSpacing? TimestepSpacing { get; init; }

    /// <summary>Added to leading timesteps.</summary>
    public int StepsOffset { get; init; }

    /// <summary>DDIM, PNDM: the last step ends at abar = 1 rather than at that of timestep 0. Null for the default: true for DDIM, false for PNDM.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary>DDIM, DDPM: clips the predicted clean sample; right for pixels, wrong for latents.</summary>
    public bool ClipSample { get; init; }

    /// <summary>Bound of that clip.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>DDIM, DDPM: scales the predicted clean sample by a quantile of its magnitudes (Saharia et al. 2022).</summary>
    public bool Thresholding { get; init; }

    /// <summary>That quantile.</summary>
    public double DynamicThresholdingRatio { get; init; } = 0.995;

    /// <summary>Upper bound of that scale.</summary>
    public double SampleMaxValue { get; init; } = 1;

    /// <summary>DDIM: how much of DDPM's noise is drawn at each step: 0 none, 1 all.</summary>
    public double Eta { get; init; }

    /// <summary>DDIM: takes the noise from the clipped clean sample.</summary>
    public bool UseClippedModelOutput { get; init; }

    /// <summary>DDPM: fixed_small, fixed_small_log (the same when sampling) or fixed_large.</summary>
    public string VarianceType { get; init; } = "fixed_small";

    /// <summary>DPM, UniPC, Euler, Heun: noise levels of Karras et al. 2022.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>DPM: dpmsolver++ or sde-dpmsolver++.</summary>
    public string AlgorithmType { get; init; } = "dpmsolver++";

    /// <summary>DPM: 1 or 2. UniPC: 1, 2 or 3.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>DPM: midpoint or heun. UniPC: bh1 or bh2. Null for the default: midpoint, bh2.</summary>
    public string? SolverType { get; init; }

    /// <summary>DPM: first order at the end of less than 15 steps. UniPC: falling order at the end.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>DPM: first order at the last step.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>DPM, UniPC: the last step ends at sigma 0 ("zero") or at that of timestep 0 ("sigma_min").</summary>
    public string FinalSigmasType { get; init; } = "zero";

    /// <summary>DPM: leaves out the noisiest timesteps, whose half log-SNR is below this.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>UniPC: steps after which the corrector is left out.</summary>
    public IReadOnlyList<int> DisableCorrector { get; init; } = [];

    /// <summary>PNDM: starts without Runge-Kutta steps.</summary>
    public bool SkipPrkSteps { get; init; }

    /// <summary>LCM: number of steps the consistency model was distilled at.</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>Flow matching: above 1, more steps at high noise.</summary>
    public double Shift { get; init; } = 1;

    /// <summary>The schedule the model was trained with.</summary>
    public NoiseSchedule NoiseSchedule()
    {
        var schedule = Diffusion.NoiseSchedule.Create(BetaSchedule, BetaStart, BetaEnd, NumTrainTimesteps);
        return RescaleBetasZeroSnr ? schedule.WithZeroTerminalSnr() : schedule;
    }

    /// <summary>Reads a scheduler_config.json.</summary>
    /// <exception cref="BadInputException">The file is missing or no such config.</exception>
    public static SamplerConfig Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such sampler config; expected diffusers' scheduler_config.json");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Parses the text of a scheduler_config.json; <paramref name="source"/> names it in messages.</summary>
    /// <exception cref="BadInputException">The text is no such config.</exception>
    public static SamplerConfig Parse(string json, string source = "sampler config")
    {
        try
        {
            return JsonSerializer.Deserialize<SamplerConfig>(json, Json) ?? throw new BadInputException($"{source}: holds null; expected a sampler config");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{source}: no valid sampler config: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>The text of the scheduler_config.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the scheduler_config.json.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson() + "\n");
}

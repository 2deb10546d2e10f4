using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>What the network predicts from x = a x0 + s noise, where a^2 + s^2 = 1.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PredictionType>))]
public enum PredictionType
{
    /// <summary>The noise.</summary>
    Epsilon,

    /// <summary>The velocity a noise - s x0 (Salimans and Ho 2022).</summary>
    VPrediction,

    /// <summary>The clean sample x0.</summary>
    Sample,
}

/// <summary>From a prediction to the clean sample and the noise it stands for.</summary>
internal static class Predictions
{
    /// <summary>x0 from the prediction at x.</summary>
    public static Tensor Denoised(this PredictionType type, Tensor output, Tensor x, double a, double s) => type switch
    {
        PredictionType.Epsilon => (x - (s * output)) / a,
        PredictionType.VPrediction => (a * x) - (s * output),
        _ => output.alias(),
    };

    /// <summary>The noise from the prediction at x.</summary>
    public static Tensor Noise(this PredictionType type, Tensor output, Tensor x, double a, double s) => type switch
    {
        PredictionType.Epsilon => output.alias(),
        PredictionType.VPrediction => (a * output) + (s * x),
        _ => (x - (a * output)) / s,
    };
}

using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

/// <summary>Numbers of the golden files, where "NaN", "Infinity" and "-Infinity" stand as text.</summary>
internal static class Numbers
{
    public static double One(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN }
        : value.GetDouble();

    public static double[] Of(JsonElement list) => [.. list.EnumerateArray().Select(One)];

    /// <summary>The rows of a matrix in float64.</summary>
    public static double[,] Rows(Tensor matrix)
    {
        using var wide = matrix.to(ScalarType.Float64);
        return (double[,])wide.data<double>().ToNDArray();
    }
}

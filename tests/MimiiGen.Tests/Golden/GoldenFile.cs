using System.Text.Json;
using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Golden;

/// <summary>Finds and reads the reference outputs under tests/MimiiGen.Tests/Golden/Files (copied beside the tests).</summary>
internal static class GoldenFile
{
    public static string PathOf(string relative) => Path.Combine(AppContext.BaseDirectory, "Golden", "Files", relative);

    /// <summary>
    /// Tensors that no dispose scope frees: a static field may be filled lazily, within the scope of the first test that touches it.
    /// </summary>
    public static Dictionary<string, Tensor> Tensors(string relative)
    {
        var tensors = SafeTensors.Read(PathOf(relative));
        foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope();
        return tensors;
    }

    public static JsonElement Json(string relative) => JsonDocument.Parse(File.ReadAllBytes(PathOf(relative))).RootElement;

    /// <summary>Fails with the largest difference and its place when two tensors differ by more than the tolerance.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: shape [{string.Join(',', actual.shape)}], expected [{string.Join(',', expected.shape)}]");
        if (expected.numel() == 0) return;
        var difference = (expected.to(ScalarType.Float64) - actual.detach().cpu().to(ScalarType.Float64)).abs().flatten();
        var at = difference.nan_to_num(double.PositiveInfinity).argmax().ToInt64();
        var largest = difference[at].ToDouble();
        Assert.True(largest <= tolerance, $"{what}: differs by {largest:g4} at flat index {at}, tolerance {tolerance:g4}");
    }
}

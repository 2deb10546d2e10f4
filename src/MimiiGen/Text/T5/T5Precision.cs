namespace MimiiGen.Text;

/// <summary>What is said of a layer whose values leave the range of half precision.</summary>
internal static class T5Precision
{
    public static string Widened(string layer) => $"T5 {layer}: beyond the range of half precision (65504); this layer goes on in float32";
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// Writes an <see cref="Interval"/> called <c>auc</c> as two keys: <c>auc</c>, the number itself, and <c>aucInterval</c>, [low, high]; so a
/// reader who wants the number needs to know of nothing else.
/// </summary>
internal static class FlatIntervals
{
    /// <summary>For <see cref="DefaultJsonTypeInfoResolver.Modifiers"/>.</summary>
    public static void Apply(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object) return;
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            var whole = info.Properties[i];
            if (whole.PropertyType != typeof(Interval) || whole.Get is null) continue;
            info.Properties.RemoveAt(i);
            info.Properties.Insert(i, Bounds(info, whole));
            info.Properties.Insert(i, Number(info, whole));
        }
    }

    private static JsonPropertyInfo Number(JsonTypeInfo info, JsonPropertyInfo whole)
    {
        var number = info.CreateJsonPropertyInfo(typeof(double), whole.Name);
        number.Get = o => Of(whole, o).Estimate;
        number.Set = whole.Set is null ? null : (o, value) => whole.Set(o, Of(whole, o) with { Estimate = (double)value! });
        return number;
    }

    private static JsonPropertyInfo Bounds(JsonTypeInfo info, JsonPropertyInfo whole)
    {
        var bounds = info.CreateJsonPropertyInfo(typeof(double[]), whole.Name + "Interval");
        bounds.Get = o => new[] { Of(whole, o).Low, Of(whole, o).High };
        bounds.Set = whole.Set is null ? null : (o, value) =>
        {
            if (value is not double[] { Length: 2 } pair) throw new JsonException($"{whole.Name}Interval needs two numbers");
            whole.Set(o, Of(whole, o) with { Low = pair[0], High = pair[1] });
        };
        return bounds;
    }

    private static Interval Of(JsonPropertyInfo whole, object o) => (Interval)whole.Get!(o)!;
}

using MimiiGen.Datasets;

namespace MimiiGen.Generation;

/// <summary>Turns what a user says of a clip into the metadata of a condition that the model knows, as far as it goes.</summary>
public static class MetadataRequest
{
    /// <summary>
    /// The metadata asked for. What was left open (id, microphone, signal-to-noise ratio) is taken from the first condition that fits the rest; where none fits, it
    /// stays open, and the generator tells of the nearest.
    /// </summary>
    /// <param name="machine">Machine type.</param>
    /// <param name="id">Which machine of that type.</param>
    /// <param name="anomaly">Whether it is faulty.</param>
    /// <param name="settings">Further metadata, each KEY=VALUE.</param>
    /// <param name="known">The model's conditions.</param>
    /// <exception cref="BadInputException">A setting is no KEY=VALUE, or its value is impossible.</exception>
    public static ClipMetadata Of(string machine, string? id, bool anomaly, IReadOnlyList<string> settings, IReadOnlyList<KnownCondition> known)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(known);
        var wanted = new ClipMetadata { Machine = machine, Id = id, Anomaly = anomaly };
        var attributes = new List<OperatingCondition>();
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == setting.Length - 1) throw new BadInputException($"--set {setting}: give key=value, such as microphone=3");
            var (key, value) = (setting[..at], setting[(at + 1)..]);
            switch (key.ToLowerInvariant())
            {
                case "id":
                    wanted = wanted with { Id = value };
                    break;
                case "microphone":
                    wanted = wanted with { Microphone = int.TryParse(value, out var number) && number >= 0 ? number : throw new BadInputException($"--set {setting}: a microphone is a number from 0") };
                    break;
                case "snr":
                    wanted = wanted with { SnrDb = value };
                    break;
                case "fault":
                    wanted = wanted with { AnomalyType = value };
                    break;
                default:
                    attributes.Add(new OperatingCondition(key, value));
                    break;
            }
        }

        wanted = wanted with { Attributes = [.. attributes] };
        return known.Select(k => k.Metadata).FirstOrDefault(k => Fits(k, wanted)) ?? wanted;
    }

    private static bool Fits(ClipMetadata known, ClipMetadata wanted) =>
        known.Machine.Equals(wanted.Machine, StringComparison.OrdinalIgnoreCase)
        && known.Anomaly == wanted.Anomaly
        && (wanted.Id is null || known.Id == wanted.Id)
        && (wanted.Microphone is null || known.Microphone == wanted.Microphone)
        && (wanted.SnrDb is null || known.SnrDb == wanted.SnrDb)
        && (wanted.AnomalyType is null || known.AnomalyType == wanted.AnomalyType)
        && (wanted.Attributes.Count == 0 || known.Attributes.Equals(wanted.Attributes));
}

namespace MimiiGen.Datasets;

/// <summary>
/// Leave-one-out: clips that a generator is to be trained without and then judged on. Written KEY=VALUE, where the key is machine, id, section, domain,
/// fault, snr, or the name of an attribute in any of its spellings: <c>fault=clogging</c>, <c>velocity=24</c>, <c>id=02</c>.
/// </summary>
public sealed class KeptOut
{
    private readonly Func<ClipMetadata, string?> of;
    private readonly string value;
    private readonly bool isFault;

    private KeptOut(string text, Func<ClipMetadata, string?> of, string value, bool isFault) => (Text, this.of, this.value, this.isFault) = (text, of, value, isFault);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads KEY=VALUE.</summary>
    /// <exception cref="BadInputException">It is not of that form.</exception>
    public static KeptOut Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1 || at == text.Length - 1) throw new BadInputException($"--keep-out {text}: give key=value, such as fault=clogging, velocity=24 or id=02");
        var (key, value) = (text[..at], text[(at + 1)..]);
        Func<ClipMetadata, string?> of = key.ToLowerInvariant() switch
        {
            "machine" => c => c.Machine,
            "id" => c => c.Id,
            "section" => c => c.Section,
            "domain" => c => c.Domain,
            "snr" => c => c.SnrDb,
            "fault" => c => c.Anomaly ? c.AnomalyType : null,
            _ => c => c.Attributes[key],
        };
        return new KeptOut(text, of, value, key.Equals("fault", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a clip is kept out.</summary>
    public bool Holds(ClipMetadata clip) => of(clip) is { } known && known.Equals(value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The clips without those kept out: what a generator may be trained on.</summary>
    /// <exception cref="BadInputException">No clip is kept out, or all are.</exception>
    public IReadOnlyList<DatasetClip> Rest(IReadOnlyList<DatasetClip> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        DatasetClip[] rest = [.. clips.Where(c => !Holds(c.Metadata))];
        if (rest.Length == clips.Count) throw new BadInputException($"--keep-out {Text}: no clip is such, so nothing would be kept out");
        return rest.Length > 0 ? rest : throw new BadInputException($"--keep-out {Text}: all clips are such, so nothing would be left");
    }

    /// <summary>
    /// The dataset for judging a generator that was trained without them: the test asks of the clips kept out alone, the faulty ones among them for
    /// training included, for the generator knows none; a detector still learns from all normal training clips of the machine. Of a fault the normal test clips stay as they are.
    /// </summary>
    /// <exception cref="BadInputException">No clip is kept out.</exception>
    public Dataset Test(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!dataset.Clips.Any(c => Holds(c.Metadata))) throw new BadInputException($"--kept-out {Text}: no clip of {dataset.Root} is such");
        return dataset with { Clips = [.. dataset.Clips.Select(Place).OfType<DatasetClip>()] };

        DatasetClip? Place(DatasetClip clip)
        {
            var holds = Holds(clip.Metadata);
            if (clip.Metadata.Anomaly) return holds ? clip with { Split = Split.Test } : null;
            return clip.Split == Split.Train || holds || isFault ? clip : null;
        }
    }
}

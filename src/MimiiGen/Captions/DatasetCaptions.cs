using System.Text;
using MimiiGen.Checkpoints;
using MimiiGen.Datasets;

namespace MimiiGen.Captions;

/// <summary>The captions of a dataset's clips, and how they came about.</summary>
public sealed class DatasetCaptions
{
    private DatasetCaptions(IReadOnlyList<Row> rows, IReadOnlyDictionary<string, CaptionWriter.Written[]> written)
    {
        Rows = rows;
        DistinctCaptions = rows.Select(r => r.Caption).Distinct(StringComparer.Ordinal).Count();
        ByModel = written.Values.Sum(w => w.Count(c => c.IsModels));
        Refused = written.Values.Sum(w => w.Sum(c => c.Refused));
        Fallbacks = written.Values.Sum(w => w.Count(c => !c.IsModels));
    }

    /// <summary>One caption of one clip.</summary>
    /// <param name="FileName">Path of the recording from the dataset's root, with <c>/</c>.</param>
    /// <param name="Channel">Its channel, from 0.</param>
    /// <param name="Caption">The caption.</param>
    /// <param name="WrittenBy">template, flan or metadata.</param>
    public sealed record Row(string FileName, int Channel, string Caption, string WrittenBy);

    /// <summary>All captions, clip by clip.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Captions that differ.</summary>
    public int DistinctCaptions { get; }

    /// <summary>Of the conditions' captions, those that a language model wrote.</summary>
    public int ByModel { get; }

    /// <summary>Sentences of the model that were thrown away, for a fact lost or made up.</summary>
    public int Refused { get; }

    /// <summary>Captions for which the template had to take the model's place.</summary>
    public int Fallbacks { get; }

    /// <summary>Writes captions; clips of equal conditions have equal ones.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="settings">How.</param>
    /// <param name="model">The language model of <see cref="CaptionStyle.Flan"/>; null for the other styles.</param>
    /// <param name="progress">One report a clip.</param>
    /// <param name="stop">Checked between clips.</param>
    /// <exception cref="BadInputException">The settings contradict each other.</exception>
    public static DatasetCaptions Write(
        IReadOnlyList<DatasetClip> clips, CaptionSettings settings, SentenceModel? model = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(settings);
        var isFlan = settings.Style == CaptionStyle.Flan;
        if (isFlan != (model is not null)) throw new BadInputException("a language model is needed for style flan, and for no other");
        if (settings.Variants < 1 || (settings.Variants > 1 && !isFlan)) throw new BadInputException($"{settings.Variants} captions a clip: only style flan writes more than one");
        var noise = settings.Noise == 0 ? null : new MetadataNoise(settings.Noise, settings.Seed, clips.Select(c => c.Metadata));
        var writer = model is null ? null : new CaptionWriter(model, settings.Seed);
        var written = new Dictionary<string, CaptionWriter.Written[]>(StringComparer.Ordinal);
        var rows = new List<Row>();
        for (var i = 0; i < clips.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var metadata = (noise?.Apply(clips[i].Metadata, i) ?? clips[i].Metadata).Reduce(settings.Detail);
            if (writer is not null && !written.ContainsKey(metadata.ConditionKey)) written[metadata.ConditionKey] = [.. writer.Write(metadata, settings.Variants)];
            (string Text, string By)[] captions = writer is not null ? [.. written[metadata.ConditionKey].Select(w => (w.Text, w.IsModels ? "flan" : "template"))]
                : settings.Style == CaptionStyle.Metadata ? [(MetadataText.Write(metadata), "metadata")]
                : [(CaptionTemplate.Write(metadata), "template")];
            rows.AddRange(captions.Select(c => new Row(clips[i].FileName, clips[i].Channel, c.Text, c.By)));
            progress?.Report(new WorkProgress("writing captions", i + 1, clips.Count));
        }

        return new DatasetCaptions(rows, written);
    }

    /// <summary>Writes the table <c>file_name,channel,caption,written_by</c>.</summary>
    public void Save(string path)
    {
        var text = new StringBuilder("file_name,channel,caption,written_by\n");
        foreach (var row in Rows) text.Append($"{CsvTable.Field(row.FileName)},{row.Channel},{CsvTable.Field(row.Caption)},{row.WrittenBy}\n");
        AtomicFile.WriteText(path, text.ToString());
    }
}

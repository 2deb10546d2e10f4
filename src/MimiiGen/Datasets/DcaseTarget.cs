using System.Text;

namespace MimiiGen.Datasets;

/// <summary>
/// The layout of DCASE 2022 to 2026: recordings below <c>&lt;machine&gt;/{train,test}</c>, their parameters in the name and in
/// <c>&lt;machine&gt;/attributes_NN.csv</c>, the answers in <c>ground_truth_data</c> and <c>ground_truth_domain</c>. A set without sections has one for each
/// machine id, in their order; a clip without a split is for the test; a clip without a domain is of the source.
/// </summary>
internal sealed class DcaseTarget : ITargetLayout
{
    private readonly Dictionary<(string Machine, string Id), string> sections = [];
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(string Name, OperatingCondition[] Conditions)>> attributes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StringBuilder> answers = new(StringComparer.Ordinal);

    /// <param name="clips">All clips that will be placed: sections are numbered before.</param>
    public DcaseTarget(IEnumerable<ClipMetadata> clips)
    {
        var ids = clips.Where(c => c.Section is null).Select(c => (c.Machine, Id: c.Id ?? "")).Distinct().OrderBy(i => i.Id, StringComparer.Ordinal);
        foreach (var machine in ids.GroupBy(i => i.Machine))
            foreach (var (id, number) in machine.Select((id, number) => (id, number)))
                sections[id] = $"{number:d2}";
    }

    public string Place(ClipMetadata metadata, Split? split)
    {
        var machine = FolderName.Of(metadata.Machine);
        var section = metadata.Section ?? sections[(metadata.Machine, metadata.Id ?? "")];
        var part = split == Split.Train ? "train" : "test";
        var domain = metadata.Domain ?? "source";
        var kind = $"section_{section}_{domain}_{part}_{(metadata.Anomaly ? "anomaly" : "normal")}";
        var number = counts[$"{machine}/{kind}"] = counts.GetValueOrDefault($"{machine}/{kind}") + 1;
        OperatingCondition[] conditions = [.. AttributeTokens.Of(metadata, withId: true)];
        var name = $"{kind}_{number - 1:d4}_{AttributeTokens.Write(conditions)}.wav";
        var table = $"{machine}/attributes_{section}.csv";
        if (!attributes.TryGetValue(table, out var rows)) rows = attributes[table] = [];
        rows.Add(($"{machine}/{part}/{name}", conditions));
        if (part == "test")
        {
            var file = $"ground_truth_{machine}_section_{section}_test.csv";
            Answer($"ground_truth_data/{file}", name, metadata.Anomaly);
            Answer($"ground_truth_domain/{file}", name, domain == "target");
        }

        return $"{machine}/{part}/{name}";
    }

    public IEnumerable<(string Path, string Text)> Tables()
    {
        foreach (var (path, rows) in attributes)
        {
            var most = Math.Max(1, rows.Max(r => r.Conditions.Length));
            var text = new StringBuilder("file_name");
            for (var i = 1; i <= most; i++) text.Append($",d{i}p,d{i}v");
            text.Append('\n');
            foreach (var (name, conditions) in rows)
            {
                text.Append(name);
                for (var i = 0; i < most; i++)
                    text.Append(i < conditions.Length ? $",{CsvTable.Field(conditions[i].Name)},{CsvTable.Field(conditions[i].Value)}" : i == 0 ? ",noAttribute," : ",,");
                text.Append('\n');
            }

            yield return (path, text.ToString());
        }

        foreach (var (path, text) in answers) yield return (path, text.ToString());
    }

    private void Answer(string path, string name, bool answer)
    {
        if (!answers.TryGetValue(path, out var text)) text = answers[path] = new StringBuilder();
        text.Append($"{name},{(answer ? 1 : 0)}\n");
    }
}

using System.Text.RegularExpressions;

namespace MimiiGen.Datasets;

/// <summary>
/// DCASE Task 2 from 2021 on, and with it MIMII DUE, MIMII DG and what ToyADMOS2's mixer makes:
/// <c>&lt;machine&gt;/{train,test,source_test,target_test}/section_NN_{source,target}_{train,test}_{normal,anomaly}_NNNN[_attributes].wav</c>, from 2022 on
/// with <c>attributes_NN.csv</c> beside those folders. Test clips of an evaluation set, <c>section_NN_NNNN.wav</c>, have no label unless
/// ground-truth files lie below the folder.
/// </summary>
/// <param name="skip">Told of rows of tables that can't be understood; where it is null, such a row is an error.</param>
internal sealed partial class DcaseLayout(Action<string>? skip = null) : IDatasetLayout
{
    public string Key => "dcase";

    public string Name => "DCASE 2021 and later";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut)
    {
        var placed = new List<(string Wave, Match Place)>();
        var strangers = new List<LeftOutFile>();
        foreach (var wave in waves)
        {
            var place = Place().Match(Path.Combine(root, wave).Replace('\\', '/'));
            if (place.Success) placed.Add((wave, place));
            else strangers.Add(new LeftOutFile(wave, "is not at a place of the DCASE layout: <machine>/{train,test}/section_NN_..._NNNN.wav"));
        }

        if (placed.Count == 0) return null;
        foreach (var stranger in strangers) leftOut.Add(stranger);
        var truth = GroundTruth.Below(root);
        var files = new List<LayoutFile>();
        foreach (var machine in placed.GroupBy(p => p.Place.Groups["root"].Value))
        {
            var table = AttributesTable.Read(machine.Key, skip);
            files.AddRange(machine.Select(p => File(p.Wave, p.Place, table, truth)));
            // a user who points at one folder of the machine asks for that folder's clips alone
            if (Path.GetFullPath(machine.Key).StartsWith(root, StringComparison.Ordinal))
                foreach (var row in table.Without(machine.Select(p => p.Wave))) leftOut.Add(row);
        }

        return files;
    }

    private static LayoutFile File(string wave, Match place, AttributesTable table, GroundTruth truth)
    {
        var machine = place.Groups["machine"].Value;
        var name = Path.GetFileName(wave);
        var isTraining = place.Groups["folder"].Value == "train";
        bool? anomaly = place.Groups["state"].Success ? place.Groups["state"].Value == "anomaly" : truth.IsAnomaly(machine, name) ?? (isTraining ? false : null);
        var tail = AttributeTokens.Parse(place.Groups["tail"] is { Length: > 0 } written ? written.Value : truth.Attributes(machine, name));
        var conditions = table.Of(name) is { } row ? row.Concat(tail.Where(c => c.Name == AttributeTokens.Fault)) : tail;
        var metadata = new ClipMetadata
        {
            Machine = machine,
            Section = place.Groups["section"].Value,
            Domain = place.Groups["domain"] is { Success: true } domain ? domain.Value : truth.Domain(machine, name),
            Anomaly = anomaly ?? false,
        };
        return new LayoutFile(wave, AttributeTokens.Apply(metadata, conditions), isTraining ? Split.Train : Split.Test)
        {
            IsLabelled = anomaly is not null,
            // the test clips of an evaluation set hide their attributes
            Missing = table.Exists && anomaly is not null && place.Groups["state"].Success && table.Of(name) is null ? "has no row in the machine's attributes_NN.csv" : null,
        };
    }

    [GeneratedRegex("""
        ^(?<root>.*?(?<machine>[^/]+))/(?<folder>train|test|(?<domain>source|target)_test)/
        section_(?<section>\d+)(?:_(?<domain>source|target))?(?:_(?:train|test))?(?:_(?<state>normal|anomaly))?_(?<number>\d+)(?:_(?<tail>[^/]*?))?\.wav$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Place();
}

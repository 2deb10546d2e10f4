using MimiiGen.Captions;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Captions;

public sealed class DatasetCaptionsTests
{
    private static readonly DatasetClip[] Clips =
    [
        Clip("a.wav", new ClipMetadata { Machine = "fan", Id = "00", Anomaly = true, AnomalyType = "clogging" }),
        Clip("b, \"odd\".wav", new ClipMetadata { Machine = "fan", Id = "00", Anomaly = true, AnomalyType = "clogging" }),
        Clip("c.wav", new ClipMetadata { Machine = "pump", Id = "02" }),
    ];

    [Fact]
    public void AModelThatKeepsEveryFactWritesAllCaptionsAndNoTwoOfAClipAreAlike()
    {
        string[] fans = ["A fan of model 00 with a fault: clogging", "The model 00 fan is faulty from clogging", "An anomalous fan, model 00, has clogging"];
        string[] pumps = ["A pump, model 02", "A healthy pump of model 02", "The pump model 02 runs well"];

        var captions = DatasetCaptions.Write(Clips, new CaptionSettings { Style = CaptionStyle.Flan, Variants = 3 }, (prompt, seed) =>
            (prompt.Contains("fan", StringComparison.Ordinal) ? fans : pumps)[seed % 3]);

        Assert.Equal(9, captions.Rows.Count);
        Assert.Equal(6, captions.DistinctCaptions);
        Assert.Equal((6, 0), (captions.ByModel, captions.Fallbacks));
        Assert.All(captions.Rows, row => Assert.Equal("flan", row.WrittenBy));
        Assert.Equal(captions.Rows.Take(3).Select(r => r.Caption), captions.Rows.Skip(3).Take(3).Select(r => r.Caption));
    }

    [Fact]
    public void ASentenceThatLosesAFactIsWrittenAnewAndThenByTheTemplate()
    {
        var asked = 0;
        var captions = DatasetCaptions.Write(Clips, new CaptionSettings { Style = CaptionStyle.Flan }, (prompt, _) =>
            prompt.Contains("pump", StringComparison.Ordinal) ? "A pump" : ++asked < 3 ? "A fan has clogging" : "A faulty fan model 00 with clogging");

        Assert.Equal(["A faulty fan model 00 with clogging", "A faulty fan model 00 with clogging", "A pump model 02"], captions.Rows.Select(r => r.Caption));
        Assert.Equal(["flan", "flan", "template"], captions.Rows.Select(r => r.WrittenBy));
        Assert.Equal((1, 1, 2 + CaptionWriter.Attempts), (captions.ByModel, captions.Fallbacks, captions.Refused));
    }

    [Fact]
    public void TheTableCanBeReadBack()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("captions").FullName, "captions.csv");
        DatasetCaptions.Write(Clips, new CaptionSettings { Style = CaptionStyle.Metadata }).Save(path);

        var table = CsvTable.Read(path);

        Assert.Equal(["file_name", "channel", "caption", "written_by"], table.Columns);
        Assert.Equal(["b, \"odd\".wav", "0", "machine: fan; model: 00; state: anomaly; fault: clogging", "metadata"], table.Rows[1].Fields);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void SettingsThatContradictEachOtherAreRefused()
    {
        Assert.Throws<BadInputException>(() => DatasetCaptions.Write(Clips, new CaptionSettings { Style = CaptionStyle.Flan }));
        Assert.Throws<BadInputException>(() => DatasetCaptions.Write(Clips, new CaptionSettings { Variants = 2 }));
    }

    private static DatasetClip Clip(string name, ClipMetadata metadata) => new("/" + name, name, 0, metadata, null);
}

using System.Runtime.CompilerServices;
using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

public sealed class DatasetReaderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("dataset").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void ShippedSamplesAreSplitAsDocumented()
    {
        var dataset = DatasetReader.Read(Path.Combine(RepositoryRoot(), "samples"));

        Assert.Equal("MIMII", dataset.Layout);
        Assert.Empty(dataset.LeftOut);
        Assert.Equal(72, dataset.Clips.Count);
        Assert.All(dataset.Clips, c => Assert.Equal(0, c.Metadata.Microphone));
        var test = dataset.Clips.Where(c => c.Split == Split.Test).ToArray();
        Assert.Equal(52, dataset.Clips.Count(c => c.Split == Split.Train));
        Assert.Equal(10, test.Count(c => c.Metadata.Anomaly));
        Assert.Equal(10, test.Count(c => !c.Metadata.Anomaly));
        Assert.All(test, c => Assert.Equal(("fan", "00", "0"), (c.Metadata.Machine, c.Metadata.Id, c.Metadata.SnrDb)));
        Assert.All(test, c => Assert.InRange(int.Parse(Path.GetFileNameWithoutExtension(c.FileName)), 10, 19));
        Assert.Equal(["fan", "pump", "slider", "valve"], dataset.Clips.Select(c => c.Metadata.Machine).Distinct());
    }

    [Theory]
    [InlineData("0_dB_fan")]
    [InlineData("0_dB_fan/fan")]
    [InlineData("0_dB_fan/fan/id_00")]
    [InlineData("0_dB_fan/fan/id_00/abnormal")]
    public void AnyFolderOfMimiiMayBeGiven(string inner)
    {
        var samples = Path.Combine(RepositoryRoot(), "samples");
        var whole = DatasetReader.Read(samples).Clips.Where(c => c.FileName.StartsWith(inner, StringComparison.Ordinal)).ToArray();

        var part = DatasetReader.Read(Path.Combine(samples, inner) + "/").Clips;

        Assert.NotEmpty(part);
        Assert.Equal(whole.Select(c => (c.Path, c.Metadata, c.Split)), part.Select(c => (c.Path, c.Metadata, c.Split)));
    }

    [Fact]
    public void EveryChannelIsAClipOfItsMicrophone()
    {
        Wave("-6_dB_pump/pump/id_04/abnormal/00000007.wav", channels: 8);
        Wave("-6_dB_pump/pump/id_04/normal/00000000.WAV", channels: 8);

        var clips = DatasetReader.Read(root).Clips;

        Assert.Equal(16, clips.Count);
        Assert.Equal(Enumerable.Range(0, 8), clips.Take(8).Select(c => c.Channel));
        Assert.Equal(
            new ClipMetadata { Machine = "pump", Id = "04", Anomaly = true, SnrDb = "-6", Microphone = 5 },
            clips[5].Metadata);
        Assert.False(clips[8].Metadata.Anomaly);
        Assert.Null(clips[0].Split);
    }

    [Fact]
    public void SplitOfAnotherFolderCanBeNamed()
    {
        Wave("0_dB_fan/fan/id_00/normal/00000003.wav");
        Wave("0_dB_fan/fan/id_00/normal/00000012.wav");
        Wave("0_dB_fan/fan/id_00/normal/99999999.wav");

        var clips = DatasetReader.Read(root, Path.Combine(RepositoryRoot(), "samples", "split.csv")).Clips;

        Assert.Equal([Split.Train, Split.Test, null], clips.Select(c => c.Split));
    }

    [Fact]
    public void OneBadFileIsNamedAndTheRestIsRead()
    {
        Wave("fan/id_00/normal/00000000.wav");
        Wave("stray.wav");
        Write("fan/id_00/normal/00000001.wav", "this is no sound");
        Write("fan/id_00/normal/._00000000.wav", "what another system leaves beside a file");

        var dataset = DatasetReader.Read(root);

        Assert.Single(dataset.Clips);
        Assert.Equal(["fan/id_00/normal/00000001.wav", "stray.wav"], dataset.LeftOut.Select(f => f.FileName).Order());
        Assert.All(dataset.LeftOut, f => Assert.DoesNotContain(root, f.Reason));
    }

    [Fact]
    public void NormalAndAbnormalFoldersNeedNoTable()
    {
        Wave("lathe/normal/a.wav");
        Wave("lathe/abnormal/b.wav", channels: 2);

        var dataset = DatasetReader.Read(Path.Combine(root, "lathe"));

        Assert.Equal(["abnormal/b.wav", "abnormal/b.wav", "normal/a.wav"], dataset.Clips.Select(c => c.FileName));
        Assert.Equal(new ClipMetadata { Machine = "lathe", Anomaly = true, Microphone = 1 }, dataset.Clips[1].Metadata);
        Assert.Equal(new ClipMetadata { Machine = "lathe" }, dataset.Clips[2].Metadata);
    }

    [Theory]
    [InlineData("file_name,machine,anomaly,anomaly_type,velocity,note,split\na.wav,slider,1,\"rail, bent\",1000.0,,test\nsub/b.wav,slider,normal,,noAttribute,\"it \"\"hums\"\"\",train\n")]
    [InlineData("\uFEFFfile_name;machine;anomaly;anomaly_type;velocity;note;split\r\na.wav;slider;abnormal;rail, bent;1000.0;;test\r\nsub\\b.wav;slider;false; ; ;it \"hums\";train")]
    public void ATableMaySayWhatTheFilesAre(string table)
    {
        Wave("a.wav");
        Wave("sub/b.wav");
        Write("metadata.csv", table);

        var clips = DatasetReader.Read(root).Clips;

        Assert.Equal(new ClipMetadata { Machine = "slider", Anomaly = true, AnomalyType = "rail, bent", Attributes = [new("velocity", "1000.0")] }, clips[0].Metadata);
        Assert.Equal(new ClipMetadata { Machine = "slider", Attributes = [new("note", "it \"hums\"")] }, clips[1].Metadata);
        Assert.Equal([Split.Test, Split.Train], clips.Select(c => c.Split));
    }

    [Fact]
    public void ATableOfParametersAndValuesIsReadToo()
    {
        Wave("a.wav");
        Write("attributes_00.csv", "file_name,d1p,d1v,d2p,d2v\na.wav,vel,24,loc,A\nabsent.wav,vel,26,noAttribute,\n");

        var dataset = DatasetReader.Read(root);

        Assert.Equal([new("vel", "24"), new("loc", "A")], dataset.Clips.Single().Metadata.Attributes);
        Assert.Equal("absent.wav", dataset.LeftOut.Single().FileName);
    }

    [Theory]
    [InlineData("file_name,machine\na.wav,fan,1\n", "line 2")]
    [InlineData("file_name,anomaly\n\na.wav,perhaps\n", "line 3, column anomaly: 'perhaps'")]
    [InlineData("file_name,microphone\na.wav,left\n", "column microphone: 'left'")]
    [InlineData("file_name,a,A\na.wav,1,2\n", "'a' occurs twice")]
    [InlineData("file_name,a\na.wav,\"1\n", "line 2, column a: a quote is opened")]
    [InlineData("file,a\na.wav,1\n", "no column 'file_name'")]
    [InlineData("", "is empty")]
    public void ABadTableIsNamedWithItsPlace(string table, string expected)
    {
        Wave("a.wav");
        Write("metadata.csv", table);
        var message = Assert.Throws<BadInputException>(() => DatasetReader.Read(root)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void AnotherEncodingIsNamedWithItsLineAndColumn()
    {
        Wave("a.wav");
        File.WriteAllBytes(Path.Combine(root, "metadata.csv"), [.. "file_name,note\na.wav,"u8, 0xE9, (byte)'\n']);
        Assert.Contains("line 2, column 7: not UTF-8", Assert.Throws<BadInputException>(() => DatasetReader.Read(root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersWithoutRecordingsAreRefused()
    {
        Assert.Contains("no such folder", Refusal(Path.Combine(root, "absent")), StringComparison.Ordinal);
        Assert.Contains("no WAV files", Refusal(root), StringComparison.Ordinal);
        Wave("a.wav");
        Assert.Contains("is a file", Refusal(Path.Combine(root, "a.wav")), StringComparison.Ordinal);
        Assert.Contains("no layout", Refusal(root), StringComparison.Ordinal);
        Write("normal/b.wav", "no sound");
        File.Delete(Path.Combine(root, "a.wav"));
        Assert.Contains("none of 1 WAV files can be used; the first: normal/b.wav", Refusal(root), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<BadInputException>(() => DatasetReader.Read(path)).Message;

    private static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private void Wave(string name, int channels = 1)
    {
        var samples = Enumerable.Range(0, channels).Select(_ => new float[16]).ToArray();
        WavFile.Write(Path.Combine(root, name), new Waveform(samples, 16000));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

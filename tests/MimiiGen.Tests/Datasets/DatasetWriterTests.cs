using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

public sealed class DatasetWriterTests : IDisposable
{
    private readonly FakeTree source = new();
    private readonly FakeTree target = new();

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    [Fact]
    public void ADcaseSetIsReadAsItWasWritten()
    {
        source.Wave("a.wav", "b.wav", "c.wav", "d.wav").Text("metadata.csv", """
            file_name,machine,anomaly,anomaly_type,section,domain,split,velocity,note
            a.wav,slider,0,,01,source,train,1000.0,"warm, oiled"
            b.wav,slider,0,,01,target,test,300,
            c.wav,slider,1,rail bent,01,source,test,,
            d.wav,slider,1,damage type 3,01,target,test,,
            """);

        var written = Write("dcase");
        var clips = DatasetReader.Read(target.Root).Clips;

        Assert.Equal(4, written.Recordings);
        Assert.Equal(
            ["slider/attributes_01.csv", "ground_truth_data/ground_truth_slider_section_01_test.csv", "ground_truth_domain/ground_truth_slider_section_01_test.csv"], written.Tables);
        Assert.Equal(
            [
                "slider/test/section_01_source_test_anomaly_0000_fault_rail-bent.wav", "slider/test/section_01_target_test_anomaly_0000_damage3.wav",
                "slider/test/section_01_target_test_normal_0000_velocity_300.wav", "slider/train/section_01_source_train_normal_0000_velocity_1000.0_note_warm.-oiled.wav",
            ],
            clips.Select(c => c.FileName));
        Assert.Equal(
            DatasetReader.Read(source.Root).Clips.Select(c => (c.Metadata, c.Split)),
            clips.OrderBy(c => File.ReadAllBytes(c.Path), Comparer<byte[]>.Create((x, y) => Source(x).CompareTo(Source(y)))).Select(c => (c.Metadata, c.Split)));
        Assert.Equal(
            "section_01_target_test_normal_0000_velocity_300.wav,0\nsection_01_source_test_anomaly_0000_fault_rail-bent.wav,1\nsection_01_target_test_anomaly_0000_damage3.wav,1\n",
            File.ReadAllText(target.In("ground_truth_data/ground_truth_slider_section_01_test.csv")));
        Assert.StartsWith("section_01_target_test_normal_0000_velocity_300.wav,1\n", File.ReadAllText(target.In("ground_truth_domain/ground_truth_slider_section_01_test.csv")), StringComparison.Ordinal);
        Assert.Empty(DatasetCheck.Check(target.Root, cancellation: TestContext.Current.CancellationToken).Problems);

        int Source(byte[] bytes) => Array.FindIndex(["a.wav", "b.wav", "c.wav", "d.wav"], name => File.ReadAllBytes(source.In(name)).AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public void MachineIdsBecomeSections()
    {
        source.Wave("-6_dB_fan/fan/id_04/normal/00000000.wav", "-6_dB_fan/fan/id_02/abnormal/00000000.wav");

        Write("dcase");
        var clips = DatasetReader.Read(target.Root).Clips;

        Assert.Equal(["fan/test/section_00_source_test_anomaly_0000_machine_02_snr_-6_channel_0.wav", "fan/test/section_01_source_test_normal_0000_machine_04_snr_-6_channel_0.wav"], clips.Select(c => c.FileName));
        Assert.Equal(new ClipMetadata { Machine = "fan", Id = "02", SnrDb = "-6", Microphone = 0, Anomaly = true, Section = "00", Domain = "source" }, clips[0].Metadata);
    }

    [Fact]
    public void GeneratedClipsAreWrittenWithTheirRecords()
    {
        source.Wave("00000007.wav", "00000008.wav")
            .Text("00000007.json", """{"caption":"A fan","metadata":{"machine":"fan","id":"00","anomaly":true,"snrDb":"6","microphone":0,"attributes":{}},"seed":7}""")
            .Text("00000008.json", """{"caption":"A humming fan","seed":8}""");

        var written = Write("mimii");

        Assert.Equal((1, 0), (written.Recordings, written.Tables.Count));
        Assert.Equal(File.ReadAllBytes(source.In("00000007.json")), File.ReadAllBytes(target.In("6_dB_fan/fan/id_00/abnormal/00000000.json")));
        Assert.Equal("made from a sentence", Assert.Single(DatasetReader.Read(source.Root).LeftOut).Reason[^20..]);
        Assert.Equal(DatasetReader.Read(source.Root).Clips[0].Metadata, DatasetReader.Read(target.Root, layoutName: "mimii").Clips.Single().Metadata);
    }

    [Fact]
    public void ASplitIsKept()
    {
        source.Wave(8, "0_dB_fan/fan/id_00/normal/00000003.wav", "0_dB_fan/fan/id_00/abnormal/00000004.wav")
            .Text("split.csv", "file_name,split\n0_dB_fan/fan/id_00/normal/00000003.wav,train\n0_dB_fan/fan/id_00/abnormal/00000004.wav,test\n");

        Write("mimii");
        var clips = DatasetReader.Read(target.Root).Clips;

        Assert.Equal(16, clips.Count);
        Assert.Equal([Split.Test, Split.Train], clips.Where(c => c.Channel == 5).Select(c => c.Split));
    }

    [Fact]
    public void WhatWouldMixOrLoseClipsIsRefused()
    {
        source.Wave("normal/a.wav");
        Assert.Contains("--layout toyadmos: give one of mimii, dcase", Refusal("toyadmos"), StringComparison.Ordinal);
        target.Text("there.txt", "");
        Assert.Contains("holds files already", Refusal("dcase"), StringComparison.Ordinal);

        string Refusal(string layout) => Assert.Throws<BadInputException>(() => Write(layout)).Message;
    }

    private WrittenSet Write(string layout) =>
        DatasetWriter.Write([DatasetReader.Read(source.Root)], layout, target.Root, cancel: TestContext.Current.CancellationToken);
}

using MimiiGen.Captions;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

/// <summary>Small trees in the layouts of the published sets.</summary>
public sealed class PublishedLayoutTests : IDisposable
{
    private readonly FakeTree tree = new();

    public void Dispose() => tree.Dispose();

    /// <summary>Path in the set, its layout, what is known of the clip, its caption.</summary>
    public static TheoryData<string, string, ClipMetadata, string> Names => new()
    {
        { "fan/train/normal_id_00_00000003.wav", "DCASE 2020", new() { Machine = "fan", Id = "00" }, "A fan model 00" },
        { "ToyConveyor/test/anomaly_id_02_0003.wav", "DCASE 2020", new() { Machine = "ToyConveyor", Id = "02", Anomaly = true }, "A toy conveyor model 02 with anomaly" },
        {
            "gearbox/train/section_00_source_train_normal_0000_0_g_25_mm_2000_mV_none.wav", "DCASE 2021 and later",
            Dcase("gearbox", "00", "source", attributes: [new("weight", "0"), new("arm length", "25"), new("voltage", "2")]),
            "A gearbox of section 00 in the source domain operating on weight of 0 (g), arm length of 25 (mm) and voltage of 2 (V)"
        },
        {
            "fan/target_test/section_02_target_test_anomaly_0007_strength_1_ambient.wav", "DCASE 2021 and later",
            Dcase("fan", "02", "target", anomaly: true, attributes: [new("strength", "1"), new("ambient", "")]),
            "A fan of section 02 in the target domain operating on strength of 1 and ambient with anomaly"
        },
        {
            "fan/train/section_01_source_train_normal_0012_f-n_A.wav", "DCASE 2021 and later",
            Dcase("fan", "01", "source", attributes: new OperatingCondition("f-n", "A")), "A fan of section 01 in the source domain operating in factory noise A"
        },
        {
            "fan/test/section_02_target_test_normal_0012_n-lv_L3.wav", "DCASE 2021 and later",
            Dcase("fan", "02", "target", attributes: new OperatingCondition("n-lv", "L3")), "A fan of section 02 in the target domain operating at noise level L3"
        },
        {
            "bearing/test/section_01_target_test_anomaly_0000_vel_4_loc_A.wav", "DCASE 2021 and later",
            Dcase("bearing", "01", "target", anomaly: true, attributes: [new("vel", "4"), new("loc", "A")]),
            "A bearing of section 01 in the target domain operating on velocity of 4 krpm with anomaly at location A"
        },
        {
            "gearbox/train/section_00_source_train_normal_0100_volt_1,5_wt_50_id_05.wav", "DCASE 2021 and later",
            Dcase("gearbox", "00", "source", attributes: [new("volt", "1,5"), new("wt", "50"), new("id", "05")]),
            "A gearbox id 05 of section 00 in the source domain operating on voltage of 1.5 (V) and weight of 50 (g)"
        },
        {
            "slider/train/section_00_target_train_normal_0000_vel_300_ac_0.03.wav", "DCASE 2021 and later",
            Dcase("slider", "00", "target", attributes: [new("vel", "300"), new("ac", "0.03")]),
            "A slider of section 00 in the target domain operating on velocity of 300 (mm/s) and an acceleration of 0.03"
        },
        {
            "valve/train/section_00_source_train_normal_0000_pat_00_panel_open.wav", "DCASE 2021 and later",
            Dcase("valve", "00", "source", attributes: [new("pat", "00"), new("panel", "open")]),
            "A valve of moving pattern 00 of section 00 in the source domain in open surroundings"
        },
        {
            "ToyCar/train/section_00_source_train_normal_0000_car_A1_spd_28V_mic_1_noise_1.wav", "DCASE 2021 and later",
            Dcase("ToyCar", "00", "source", attributes: [new("car", "A1"), new("spd", "28V"), new("mic", "1"), new("noise", "1")]),
            "A toy car model A1 of section 00 in the source domain operating on speed of 28V in noise 1 recorded by microphone 1"
        },
        {
            "ToyCar/train/section_00_source_train_normal_00001_B1s1.wav", "DCASE 2021 and later",
            Dcase("ToyCar", "00", "source", attributes: [new("car", "B1"), new("spd", "1")]),
            "A toy car model B1 of section 00 in the source domain operating on speed of 1"
        },
        {
            "gearbox/test/section_00_source_test_anomaly_0000_pro_B_wt_0_damage2.wav", "DCASE 2021 and later",
            Dcase("gearbox", "00", "source", anomaly: true, attributes: [new("pro", "B"), new("wt", "0")]) with { AnomalyType = "damage type 2" },
            "A gearbox model B of section 00 in the source domain operating on weight of 0 (g) with anomaly due to damage type 2"
        },
        { "AirCompressor/train/section_00_source_train_normal_0000_noAttribute.wav", "DCASE 2021 and later", Dcase("AirCompressor", "00", "source"), "An air compressor of section 00 in the source domain" },
        { "fan/test/section_00_source_test_normal_0049_.wav", "DCASE 2021 and later", Dcase("fan", "00", "source"), "A fan of section 00 in the source domain" },
        { "ToyDrone/test/section_00_0123.wav", "DCASE 2021 and later", Dcase("ToyDrone", "00", null), "A toy drone of section 00" },
        {
            "ToyCar/case1/AnomalousSound_IND/1101010001_ToyCar_case1_ab01_IND_ch2_0001.wav", "ToyADMOS",
            new() { Machine = "ToyCar", Id = "1", Anomaly = true, AnomalyType = "ab01", Attributes = [new("mic", "2")] }, "A toy car model 1 recorded by microphone 2 with anomaly due to ab01"
        },
        {
            "ToyCar/case3/NormalSound_CNT/1100110001_ToyCar_case3_normal_CNT_ch1_0001.wav", "ToyADMOS",
            new() { Machine = "ToyCar", Id = "3", Attributes = [new("mic", "1")] }, "A toy car model 3 recorded by microphone 1"
        },
        {
            "toyad2_car_A_anomaly/CA001-carA1-speed1-a-damageL_mic1_00001.wav", "ToyADMOS2",
            new() { Machine = "ToyCar", Anomaly = true, AnomalyType = "defect a at low damage level", Attributes = [new("car", "A1"), new("spd", "1"), new("mic", "1")] },
            "A toy car model A1 operating on speed of 1 recorded by microphone 1 with anomaly due to defect a at low damage level"
        },
        {
            "TN031-trainB1-speed5_mic8_00001.wav", "ToyADMOS2",
            new() { Machine = "ToyTrain", Attributes = [new("car", "B1"), new("spd", "5"), new("mic", "8")] }, "A toy train model B1 operating on speed of 5 recorded by microphone 8"
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void ANameSaysWhatAClipIs(string name, string layout, ClipMetadata metadata, string caption)
    {
        var dataset = DatasetReader.Read(tree.Wave(name).Root);

        var clip = Assert.Single(dataset.Clips);
        Assert.Equal((layout, metadata), (dataset.Layout, clip.Metadata));
        Assert.Equal(name.Contains("/train/", StringComparison.Ordinal) ? Split.Train : name.Contains("test/", StringComparison.Ordinal) ? Split.Test : null, clip.Split);
        Assert.Equal(!name.Contains("0123", StringComparison.Ordinal), clip.IsLabelled);
        Assert.Equal(caption, CaptionTemplate.Write(clip.Metadata));
        Assert.Empty(CaptionCheck.Problems(clip.Metadata, caption));
        Assert.Empty(dataset.LeftOut);
    }

    [Theory]
    [InlineData("file_name,d1p,d1v,d2p,d2v\nbearing/train/section_00_source_train_normal_0000_vel_6.wav,vel,6.0,loc,H\n")]
    [InlineData("\uFEFFfile_name,d1p,d1v,d2p,d2v\r\ntrain/section_00_source_train_normal_0000_vel_6.wav,vel,6.0,loc,H\r\n")]
    public void TheTableOfAttributesSaysMoreThanTheName(string table)
    {
        tree.Wave("bearing/train/section_00_source_train_normal_0000_vel_6.wav").Text("bearing/attributes_00.csv", table);
        Assert.Equal([new("vel", "6.0"), new("loc", "H")], DatasetReader.Read(tree.Root).Clips.Single().Metadata.Attributes);
        Assert.Equal([new("vel", "6.0"), new("loc", "H")], DatasetReader.Read(tree.In("bearing")).Clips.Single().Metadata.Attributes);
    }

    [Fact]
    public void RowsWithoutClipsAndClipsWithoutRowsAreNamed()
    {
        tree.Wave("fan/train/section_00_source_train_normal_0000_f-n_A.wav", "fan/train/section_00_source_train_normal_0001_f-n_B.wav")
            .Text("fan/attributes_00.csv", "file_name,d1p,d1v\nfan/train/section_00_source_train_normal_0000_f-n_A.wav,f-n,A\nfan/train/section_00_source_train_normal_0009_f-n_A.wav,f-n,A\n");

        var report = DatasetCheck.Check(tree.Root, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(
            [("section_00_source_train_normal_0001_f-n_B.wav", ProblemKind.ClipWithoutAttributes), ("section_00_source_train_normal_0009_f-n_A.wav", ProblemKind.AttributesWithoutClip)],
            report.Problems.Select(p => (Path.GetFileName(p.FileName), p.Kind)));
        Assert.Contains(report.Notes, n => n.Contains("no test clips", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Contains("source domain alone", StringComparison.Ordinal));
        Assert.Equal(new MachineCount("fan", null, null, 2, 0, 2, 0) { Section = "00", Domain = "source" }, Assert.Single(report.Machines));
    }

    [Fact]
    public void GroundTruthLabelsAnEvaluationSet()
    {
        tree.Wave(2, "Scanner/test/section_00_0000.wav", "Scanner/test/section_00_0001.wav", "Scanner/test/section_00_0002.wav");
        var before = DatasetReader.Read(tree.Root).Clips;
        tree.Text("ground_truth_data/ground_truth_Scanner_section_00_test.csv", "section_00_0000.wav,0\nsection_00_0001.wav,1\n")
            .Text("ground_truth_domain/ground_truth_Scanner_section_00_test.csv", "section_00_0000.wav,0\nsection_00_0001.wav,1\n");

        var clips = DatasetReader.Read(tree.Root).Clips;

        Assert.DoesNotContain(before, c => c.IsLabelled);
        Assert.Equal([(false, "source", 0), (false, "source", 1), (true, "target", 0), (true, "target", 1)], clips.Take(4).Select(c => (c.Metadata.Anomaly, c.Metadata.Domain, c.Metadata.Microphone)));
        Assert.All(clips.Take(4), c => Assert.True(c.IsLabelled));
        Assert.False(clips[5].IsLabelled);
        tree.Text("ground_truth_data/ground_truth_Scanner_section_00_test.csv", "section_00_0000.wav;0\n");
        Assert.Contains("line 1: 'section_00_0000.wav;0'", Assert.Throws<BadInputException>(() => DatasetReader.Read(tree.Root)).Message, StringComparison.Ordinal);
    }

    /// <summary>As the evaluators of 2023 and 2024 write them; they tell more than the bare names.</summary>
    [Fact]
    public void AttributesOfAnEvaluationSetAreRead()
    {
        tree.Wave("ToyDrone/test/section_00_0000.wav", "AirCompressor/test/section_00_0001.wav")
            .Text("evaluator/ground_truth_data/ground_truth_ToyDrone_section_00_test.csv", "section_00_0000.wav,1\n")
            .Text("evaluator/ground_truth_attributes/ground_truth_ToyDrone_section_00_test.csv", "section_00_0000.wav,section_00_target_test_anomaly_0012_car_C1_spd_1_mic_2\n")
            .Text("evaluator/ground_truth_attributes/ground_truth_AirCompressor_section_00_test.csv", "section_00_0001.wav,section_00_source_test_normal_0001_noAttribute,section_00_source_test_normal_0001_fl_2_nos_3.wav\n");

        var clips = DatasetReader.Read(tree.Root).Clips;

        Assert.Equal([new("fl", "2"), new("nos", "3")], clips.Single(c => c.Metadata.Machine == "AirCompressor").Metadata.Attributes);
        Assert.True(clips.Single(c => c.Metadata.Machine == "ToyDrone") is { IsLabelled: true, Metadata: { Anomaly: true, Attributes.Count: >= 2 } });
        tree.Text("evaluator/ground_truth_attributes/ground_truth_ToyDrone_section_00_test.csv", "section_00_0000.wav,C1\n");
        Assert.Contains("line 1: 'section_00_0000.wav,C1'", Assert.Throws<BadInputException>(() => DatasetReader.Read(tree.Root)).Message, StringComparison.Ordinal);
    }

    /// <summary>As the evaluator of 2020 takes it: machines in one file, a line for each above its clips.</summary>
    [Fact]
    public void TheListOfEvaluationDataLabelsTheSetOf2020()
    {
        tree.Wave("fan/test/id_01_00000000.wav", "fan/test/id_01_00000001.wav", "pump/test/id_01_00000000.wav", "pump/test/id_01_00000001.wav")
            .Text("eval_data_list.csv", "fan\r\nid_01_00000000.wav,normal_id_01_00000007.wav,0\r\nid_01_00000001.wav,anomaly_id_01_00000003.wav,1\r\npump\r\nid_01_00000000.wav,anomaly_id_01_00000001.wav,1\r\n");

        var clips = DatasetReader.Read(tree.Root).Clips;

        Assert.Equal(
            [("fan", false, true), ("fan", true, true), ("pump", true, true), ("pump", false, false)], clips.Select(c => (c.Metadata.Machine, c.Metadata.Anomaly, c.IsLabelled)));
        tree.Text("eval_data_list.csv", "id_01_00000000.wav,normal_id_01_00000007.wav,0\n");
        Assert.Contains("line 1: 'id_01_00000000.wav,normal_id_01_00000007.wav,0' is not MACHINE", Assert.Throws<BadInputException>(() => DatasetReader.Read(tree.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnlabelledClipsCountForNeitherClass()
    {
        tree.Wave("fan/train/normal_id_01_00000000.wav", "fan/test/id_01_00000000.wav");
        var report = DatasetCheck.Check(tree.Root, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(new MachineCount("fan", "01", null, 1, 0, 1, 1) { Unlabelled = 1 }, Assert.Single(report.Machines));
        Assert.Contains(report.Notes, n => n.Contains("1 clips without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void ALayoutCanBeNamed()
    {
        tree.Wave("pump/id_00/normal/00000000.wav");
        Assert.Equal("MIMII", DatasetReader.Read(tree.Root).Layout);
        Assert.Equal(new ClipMetadata { Machine = "id_00" }, DatasetReader.Read(tree.Root, layoutName: "folders").Clips.Single().Metadata);
        Assert.Contains("none of 1 WAV files is at a place of the layout dcase", Refusal("dcase"), StringComparison.Ordinal);
        Assert.Contains("--layout dcase2019: give one of records, mimii, dcase,", Refusal("dcase2019"), StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<BadInputException>(() => DatasetReader.Read(tree.Root, layoutName: name)).Message;
    }

    [Fact]
    public void OtherFilesAreNamed()
    {
        tree.Wave("fan/train/section_00_source_train_normal_0000_.wav", "fan/supplemental/section_00_supplement_noise_0000_.wav");
        Assert.Equal("fan/supplemental/section_00_supplement_noise_0000_.wav", Assert.Single(DatasetReader.Read(tree.Root).LeftOut).FileName);
        using var films = new FakeTree();
        films.Text("CN001-carA1-speed1_mic1_00001.mp4", "");
        Assert.Contains("bring them to WAV first", Assert.Throws<BadInputException>(() => DatasetReader.Read(films.Root)).Message, StringComparison.Ordinal);
    }

    private static ClipMetadata Dcase(string machine, string section, string? domain, bool anomaly = false, params OperatingCondition[] attributes) =>
        new() { Machine = machine, Section = section, Domain = domain, Anomaly = anomaly, Attributes = [.. attributes] };
}

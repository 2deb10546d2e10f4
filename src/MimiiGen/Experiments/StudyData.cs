using MimiiGen.Codec;
using MimiiGen.Datasets;
using MimiiGen.Evaluation;
using MimiiGen.Training;

namespace MimiiGen.Experiments;

/// <summary>What a study has to work with: the clips, and what was said about them.</summary>
internal sealed class StudyData
{
    private readonly List<string> notes = [];
    private readonly Action<string>? warn;

    private StudyData(StudyOptions options, Dataset dataset, Action<string>? warn) => (Options, Dataset, this.warn) = (options, dataset, warn);

    public StudyOptions Options { get; }

    public Dataset Dataset { get; }

    /// <summary>Machines that can be tested.</summary>
    public IReadOnlyList<MachineTest> Tests { get; private init; } = [];

    /// <summary>Clips that may be trained on.</summary>
    public IReadOnlyList<DatasetClip> Training { get; private init; } = [];

    /// <summary>Clips of the second folder that may be trained on; empty where there is none.</summary>
    public IReadOnlyList<DatasetClip> OtherTraining { get; private init; } = [];

    /// <summary>What the report has to say beside the numbers.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Rows of the codec's latents.</summary>
    public int Rows => EncodecConfig.Load(Path.Combine(Options.Codec, "config.json")).HiddenSize;

    /// <summary>The generator that arms train.</summary>
    public GeneratorArchitecture Architecture => Options.Architecture ?? (Options.Device is { type: not TorchSharp.DeviceType.CPU } ? GeneratorArchitecture.Small : Arms.QuickArchitecture.Of(Rows));

    /// <exception cref="BadInputException">No recordings, no split, or no machine that can be tested.</exception>
    public static StudyData Read(StudyOptions options, Action<string>? warn, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(options.Codec, "config.json"))) throw new BadInputException($"{options.Model}: no model folder with a codec in it; give one such as models/default");
        var dataset = DatasetReader.Read(options.Data, options.SplitFile, layoutName: options.Layout);
        foreach (var file in dataset.LeftOut) warn?.Invoke($"left out: {file.FileName}: {file.Reason}");
        dataset = UsableClips.Of(dataset, warn, stop);
        DatasetClip[] training = [.. dataset.Clips.Where(c => c.Split != Split.Test)];
        DatasetClip[] other = options.Other is { } folder ? [.. DatasetReader.Read(folder).Clips.Where(c => c.Split != Split.Test)] : [];
        return new StudyData(options, dataset, warn) { Tests = MachineTest.Of(dataset, warn), Training = training, OtherTraining = other };
    }

    /// <summary>Says something to the user now and in the report.</summary>
    public void Note(string line)
    {
        if (notes.Contains(line)) return;
        notes.Add(line);
        warn?.Invoke($"note: {line}");
    }
}

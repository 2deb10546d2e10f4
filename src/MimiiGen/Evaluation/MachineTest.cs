using MimiiGen.Datasets;

namespace MimiiGen.Evaluation;

/// <summary>The clips that one machine's detector is trained and tested on.</summary>
/// <param name="Machine">Machine type.</param>
/// <param name="Id">Which machine of that type, as the dataset spells it: <c>id_00</c>; of one recorded at several signal-to-noise ratios <c>id_00_6_dB</c>.</param>
/// <param name="TrainingNormals">Normal clips to fit the detector on.</param>
/// <param name="TrainingClips">All training clips of the machine, faulty ones too: what a generator may have copied.</param>
/// <param name="Normals">Normal test clips.</param>
/// <param name="Anomalies">Faulty test clips.</param>
internal sealed record MachineTest(
    string Machine,
    string Id,
    IReadOnlyList<DatasetClip> TrainingNormals,
    IReadOnlyList<DatasetClip> TrainingClips,
    IReadOnlyList<DatasetClip> Normals,
    IReadOnlyList<DatasetClip> Anomalies)
{
    private const int FewestTrainingNormals = 2;

    /// <summary>
    /// The machines of a dataset that can be tested: with training normals, and test clips of both classes. Of a recording of several channels
    /// the first stands for all, as in the DCASE baseline. Machines recorded at several signal-to-noise ratios are tested at each.
    /// </summary>
    /// <exception cref="BadInputException">No machine can be tested; the reason names what is missing.</exception>
    public static IReadOnlyList<MachineTest> Of(Dataset dataset, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Clips.All(c => c.Split is null))
            throw new BadInputException($"{dataset.Root}: nothing says which clips are for training and which for the test; add a split.csv with file_name,split (train or test)");
        var tests = new List<MachineTest>();
        var untestable = 0;
        var severalRatios = dataset.Clips.Where(c => c.Split == Split.Test).GroupBy(c => (c.Metadata.Machine, c.Metadata.Id, c.Metadata.Section))
            .Where(g => g.Select(c => c.Metadata.SnrDb).Distinct().Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var group in dataset.Clips.Where(c => c.Channel == 0 && c.IsLabelled).GroupBy(c => (c.Metadata.Machine, c.Metadata.Id, c.Metadata.Section, c.Metadata.SnrDb)))
        {
            var training = group.Where(c => c.Split == Split.Train).ToArray();
            var test = group.Where(c => c.Split == Split.Test).ToArray();
            if (test.Length == 0) continue;
            var (machine, id) = (group.Key.Machine, Name(group.Key.Id, group.Key.Section));
            if (severalRatios.Contains((machine, group.Key.Id, group.Key.Section))) id += $"_{group.Key.SnrDb ?? "unknown"}_dB";
            var normals = training.Where(c => !c.Metadata.Anomaly).ToArray();
            var (good, bad) = (test.Where(c => !c.Metadata.Anomaly).ToArray(), test.Where(c => c.Metadata.Anomaly).ToArray());
            if (normals.Length < FewestTrainingNormals || good.Length < 2 || bad.Length < 2)
            {
                untestable++;
                warn?.Invoke($"{machine} {id} is left out: {normals.Length} normal clips to train on, {good.Length} normal and {bad.Length} faulty ones to test; 2 of each are the least");
                continue;
            }

            tests.Add(new MachineTest(machine, id, normals, training, good, bad));
        }

        return tests.Count > 0 ? tests : throw new BadInputException(untestable > 0
            ? $"{dataset.Root}: no machine has at least 2 normal training clips and 2 test clips of each class"
            : $"{dataset.Root}: the split names no test clips");
    }

    private static string Name(string? id, string? section) =>
        id is not null ? $"id_{id}" : section is not null ? $"section_{section}" : "all";
}

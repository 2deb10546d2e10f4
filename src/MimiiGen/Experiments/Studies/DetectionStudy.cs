using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Experiments.Reporting;

namespace MimiiGen.Experiments.Studies;

/// <summary>How far generated anomalies are from real ones for a detector.</summary>
internal sealed class DetectionStudy() : Study(
    "detection",
    "How far are generated from real anomalies, machine by machine and fault by fault?",
    "auto-encoder, selective Mahalanobis, nearest neighbours, local outlier factor, Gaussian mixture, all on the same clips",
    "a machine with normal training clips and test clips of both classes; faults are told apart where the data names them",
    "sampling once a seed, and the training of detectors",
    "With few clips an AUC is uncertain by a tenth or two, and equal AUCs do not show that clips are alike: generated against real normals is the control for that.")
{
    internal override IReadOnlyList<Metric> Told => [Metric.AucDistance, Metric.AucDifference, Metric.NormalAuc];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        if (data.Tests.All(t => t.Anomalies.All(c => c.Metadata.AnomalyType is null)))
            data.Note("the data names no faults: faulty clips of a machine are taken as of one");
        if (data.Tests.Count == 1) data.Note($"only {data.Tests[0].Machine} {data.Tests[0].Id} can be tested: how machines differ is not told");
        return
        [
            Detector("autoencoder", "auto-encoder of the DCASE baseline") with { Kind = ArmKind.Reference },
            Detector("mahalanobis", "the same with selective Mahalanobis distances"),
            Detector("knn", "nearest neighbours of log-mel vectors"),
            Detector("lof", "local outlier factor of log-mel vectors"),
            Detector("gmm", "Gaussian mixture of log-mel vectors"),
        ];
    }

    internal override IReadOnlyList<Table> Tables(StudyData data, IReadOnlyList<ArmRecord> records) => [SummaryTable.OfFaults(records.Where(r => r.Kind is ArmKind.Reference or ArmKind.Variant).ToArray())];

    private static Arm Detector(string name, string what) => new(name, what, new Generated { SharedClips = "all" }) { Detector = name };
}

using MimiiGen.Detection;

namespace MimiiGen.Evaluation;

/// <summary>The detectors of an evaluation for one machine. Auto-encoder and Mahalanobis mode share their networks, so that each is trained once.</summary>
internal sealed class DetectorSet : IDisposable
{
    private readonly List<(DetectorKind Kind, IDetector? Detector, string? Failure)> detectors = [];

    public DetectorSet(EvaluationOptions options)
    {
        AutoEncoderDetector[] shared = [.. Seeds(options).Select(seed => new AutoEncoderDetector(new(Epochs: options.Epochs, Seed: seed)))];
        foreach (var kind in options.Detectors)
            try
            {
                IDetector detector = kind.Kind switch
                {
                    "autoencoder" => new MeanDetector(shared),
                    "mahalanobis" => new MeanDetector([.. shared.Select((network, i) => new SelectiveMahalanobisDetector(network, (ulong)i))]),
                    "mimii2019" => new MeanDetector([.. Seeds(options).Select(seed => kind.Create(Math.Max(1, options.Epochs / 2), seed))]),
                    _ => kind.Create(seed: options.Seed, embeddings: options.Embeddings, timeout: options.DetectorTimeout),
                };
                detectors.Add((kind, detector, null));
            }
            catch (BadInputException e)
            {
                detectors.Add((kind, null, e.Message));
            }
    }

    /// <summary>Each detector, or why there is none.</summary>
    public IReadOnlyList<(DetectorKind Kind, IDetector? Detector, string? Failure)> All => detectors;

    public void Dispose()
    {
        foreach (var (_, detector, _) in detectors) detector?.Dispose();
    }

    private static IEnumerable<ulong> Seeds(EvaluationOptions options) => Enumerable.Range(0, options.DetectorSeeds).Select(s => (options.Seed * 1000) + (ulong)s);
}

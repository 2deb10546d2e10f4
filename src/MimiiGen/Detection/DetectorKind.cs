namespace MimiiGen.Detection;

/// <summary>Detectors by the names that the command line knows them under.</summary>
/// <param name="Text">As it was given: <c>autoencoder</c>, <c>knn:efficientat</c>, <c>csv:scores.csv</c>.</param>
/// <param name="Kind">The part before the colon.</param>
/// <param name="Argument">The part behind it: an embedding, a path, a command line; null where there is none.</param>
public sealed record DetectorKind(string Text, string Kind, string? Argument)
{
    private static readonly string[] WithVectors = ["knn", "lof", "gmm"];
    private static readonly string[] WithArgument = ["csv", "onnx", "command"];

    /// <summary>What can be named, for help and errors.</summary>
    public const string Forms = "autoencoder, mahalanobis, mimii2019, knn, lof, gmm (also knn:EMBEDDING), csv:FILE, onnx:FILE, command:LINE";

    /// <summary>How long a user's program may take unless told otherwise.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether it can be kept in a file when it has learned.</summary>
    public bool IsKept => !WithArgument.Contains(Kind);

    /// <summary>Whether its training draws numbers, so that several seeds tell more than one.</summary>
    public bool IsSeeded => Kind is "autoencoder" or "mahalanobis" or "mimii2019";

    /// <summary>Takes a name apart.</summary>
    /// <exception cref="BadInputException">There is no such detector.</exception>
    public static DetectorKind Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = new DetectorKind(text, colon < 0 ? text : text[..colon], colon < 0 ? null : text[(colon + 1)..]);
        var isWhole = kind.Argument is null ? kind.IsSeeded || WithVectors.Contains(kind.Kind) : kind.Argument.Length > 0 && (WithVectors.Contains(kind.Kind) || WithArgument.Contains(kind.Kind));
        return isWhole ? kind : throw new BadInputException($"--detector {text}: give one of {Forms}");
    }

    /// <summary>Makes the detector, not fitted yet.</summary>
    /// <param name="epochs">Passes of an auto-encoder's training; null for the published ones.</param>
    /// <param name="seed">Draws whatever its training draws.</param>
    /// <param name="embeddings">Embeddings by name; null where there are none.</param>
    /// <param name="timeout">Of a user's program; null for <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="BadInputException">A file is missing or unusable, or there is no such embedding.</exception>
    public IDetector Create(int? epochs = null, ulong seed = 0, Func<string, ClipVectors?>? embeddings = null, TimeSpan? timeout = null) => Kind switch
    {
        "autoencoder" => new AutoEncoderDetector(new AutoEncoderTraining(epochs ?? 100, Seed: seed)),
        "mahalanobis" => new SelectiveMahalanobisDetector(new AutoEncoderDetector(new AutoEncoderTraining(epochs ?? 100, Seed: seed)), seed),
        "mimii2019" => new AutoEncoderDetector(new AutoEncoderTraining(epochs ?? 50, BatchSize: 512, Seed: seed), AutoEncoderDesign.Mimii2019),
        "knn" => new NeighbourDetector(vectors: Vectors(embeddings)),
        "lof" => new OutlierFactorDetector(vectors: Vectors(embeddings)),
        "gmm" => new MixtureDetector(vectors: Vectors(embeddings), seed: (int)(seed & int.MaxValue)),
        "csv" => ScoreTable.Read(Argument!),
        "onnx" => OnnxDetector.Load(Argument!),
        _ => new CommandDetector(Argument!, timeout ?? DefaultTimeout),
    };

    private ClipVectors Vectors(Func<string, ClipVectors?>? embeddings) => Argument is null or "log-mel"
        ? ClipVectors.LogMel
        : embeddings?.Invoke(Argument) ?? throw new BadInputException($"--detector {Text}: there is no embedding '{Argument}'");
}

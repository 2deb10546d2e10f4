using System.Text.Json;
using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>A fitted detector on the disk: <c>detector.json</c> and <c>detector.safetensors</c>, the DCASE auto-encoder's under the baseline's tensor names.</summary>
public static class DetectorFolder
{
    private const string Settings = "detector.json", Weights = "detector.safetensors";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What is known of a fitted detector besides its tensors.</summary>
    /// <param name="Detector">Its name on the command line.</param>
    /// <param name="SampleRate">Of the clips it was fitted to, in Hz.</param>
    /// <param name="Threshold">The line between normal and anomalous; null where the training scores give none.</param>
    /// <param name="TrainingScores">Scores of the clips it was fitted to.</param>
    /// <param name="Seed">Its training's.</param>
    public sealed record Card(string Detector, int SampleRate, double? Threshold, IReadOnlyList<double> TrainingScores, ulong Seed);

    /// <summary>Writes a fitted detector; the card last, so that where it lies the tensors are whole.</summary>
    public static void Write(string folder, SoundDetector detector, Card card)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Directory.CreateDirectory(folder);
        using (NewDisposeScope()) SafeTensors.Write(Path.Combine(folder, Weights), detector.State());
        AtomicFile.WriteText(Path.Combine(folder, Settings), JsonSerializer.Serialize(card, Json) + "\n");
    }

    /// <summary>The detector of a folder, ready to score, and its card; null where the folder holds none.</summary>
    /// <param name="folder">As <see cref="Write"/> left it.</param>
    /// <param name="embeddings">As for <see cref="DetectorKind.Create"/>.</param>
    /// <exception cref="BadInputException">A file is missing or doesn't fit.</exception>
    public static (SoundDetector Detector, Card Card)? Read(string folder, Func<string, ClipVectors?>? embeddings = null)
    {
        var path = Path.Combine(folder, Settings);
        if (!File.Exists(path)) return null;
        Card card;
        try
        {
            card = JsonSerializer.Deserialize<Card>(File.ReadAllBytes(path), Json) ?? throw new BadInputException($"{path}: holds null, no detector");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path}: no card of a detector: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        if (DetectorKind.Parse(card.Detector).Create(seed: card.Seed, embeddings: embeddings) is not SoundDetector detector || card.SampleRate <= 0)
            throw new BadInputException($"{path}: '{card.Detector}' at {card.SampleRate} Hz is no detector that is kept in a file");
        using var scope = NewDisposeScope();
        var weights = Path.Combine(folder, Weights);
        detector.Restore(card.SampleRate, SafeTensors.Read(weights), weights);
        return (detector, card);
    }
}

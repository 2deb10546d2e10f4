using static TorchSharp.torch;

namespace MimiiGen.Experiments.Latents;

/// <summary>Sound as a picture of rows and frames, of the shape of the codec's latents, and back.</summary>
internal interface IRepresentation : IDisposable
{
    /// <summary>Samples at the codec's rate to (rows, frames).</summary>
    Tensor Encode(float[] samples);

    /// <summary>(rows, frames) to frames times the codec's hop samples.</summary>
    float[] Decode(Tensor latents);
}

/// <summary>A representation by its name.</summary>
/// <param name="Name">As a file can have it.</param>
/// <param name="Make">Makes it from the data; what it learns is kept in the folder and read from there the next time.</param>
internal sealed record Representation(string Name, Func<StudyData, string, IProgress<WorkProgress>?, CancellationToken, IRepresentation> Make);

namespace MimiiGen.Evaluation.Embedding;

/// <summary>A network that says of sounds where they lie among other sounds: what distances between sets of clips are measured in.</summary>
public interface IClipEmbedder : IDisposable
{
    /// <summary>The name that belongs beside every number made with it, with the rate.</summary>
    string Name { get; }

    /// <summary>SHA-256 of the weights file, in lower-case hexadecimal.</summary>
    string WeightsHash { get; }

    /// <summary>The rate in Hz that clips are brought to.</summary>
    int SampleRate { get; }

    /// <summary>The fewest samples at <see cref="SampleRate"/> that give an embedding.</summary>
    int ShortestInput { get; }

    /// <summary>Embeds some clips at once.</summary>
    /// <param name="clips">One channel each, at <see cref="SampleRate"/>, none shorter than <see cref="ShortestInput"/>.</param>
    /// <returns>One for each clip, in their order; the caller disposes them.</returns>
    IReadOnlyList<ClipEmbedding> Embed(IReadOnlyList<float[]> clips);
}

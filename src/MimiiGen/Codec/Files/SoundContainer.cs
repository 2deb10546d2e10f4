namespace MimiiGen.Codec.Files;

/// <summary>Kinds of files that encoded sound is kept in.</summary>
internal enum SoundContainer
{
    /// <summary>Of the encodec package.</summary>
    Ecdc,

    /// <summary>Codes or latents as tensors.</summary>
    SafeTensors,
}

/// <summary>Tells the kind from a file's name.</summary>
internal static class SoundContainers
{
    /// <exception cref="BadInputException">The name ends otherwise.</exception>
    public static SoundContainer Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ecdc" => SoundContainer.Ecdc,
        ".safetensors" => SoundContainer.SafeTensors,
        _ => throw new BadInputException($"{path}: encoded sound is kept in .ecdc or .safetensors files; name one of these"),
    };
}

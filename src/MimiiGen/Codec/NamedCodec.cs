using System.Text.Json;
using MimiiGen.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec;

/// <summary>A codec with the name that encoded files call it by, so that none is decoded by another codec.</summary>
public sealed class NamedCodec : IDisposable
{
    private NamedCodec(string path, string name, EncodecModel model) => (Path, Name, Model) = (path, name, model);

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>
    /// <c>encodec_24khz</c> or <c>encodec_48khz</c> where it is built like that published model; otherwise <c>mimiigen-</c> and the first 16 digits of
    /// its weights' SHA-256.
    /// </summary>
    public string Name { get; }

    /// <summary>The codec, in evaluation mode.</summary>
    public EncodecModel Model { get; }

    /// <summary>Reads a codec.</summary>
    /// <param name="path">A generator's folder (the codec lies in <c>codec/</c>), a codec's folder, or a lone <c>.th</c> file of the encodec package.</param>
    /// <param name="device">Where to compute; none: the CPU.</param>
    /// <exception cref="BadInputException">As for <see cref="EncodecModel.Load"/>.</exception>
    public static NamedCodec Load(string path, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path) && !File.Exists(path)) throw new BadInputException($"{path}: no such model; give a model's or a codec's folder, or the encodec package's .th file");
        var inside = System.IO.Path.Combine(path, "codec");
        var folder = Directory.Exists(inside) ? inside : path;
        var model = EncodecModel.Load(folder);
        model.to(device ?? CPU);
        var name = model.Config.PublishedName ?? $"mimiigen-{FileHash.Sha256(CodecWeights.Find(folder))[..16]}";
        return new NamedCodec(folder, name, model);
    }

    /// <summary>Refuses what another codec encoded.</summary>
    /// <param name="name">Of the codec that encoded it.</param>
    /// <param name="file">Named in the refusal.</param>
    /// <exception cref="BadInputException">This is another codec.</exception>
    internal void Require(string name, string file)
    {
        if (name != Name) throw new BadInputException($"{file}: encoded by the model {JsonSerializer.Serialize(name)}, but {Path} is {Name}; name the folder of that model");
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

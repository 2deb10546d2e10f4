namespace MimiiGen.Codec;

/// <summary>
/// How a checkpoint spells the names of an EnCodec model's tensors: as transformers' files do (<c>encoder.layers.0.conv.weight_g</c>), as transformers'
/// modules do (<c>...parametrizations.weight.original0</c>), or as the encodec package does (<c>encoder.model.0.conv.conv.weight_g</c>).
/// </summary>
internal sealed class WeightNames
{
    private readonly bool package;
    private readonly bool parametrized;
    private readonly HashSet<string> transposed; // "decoder.layers.3", ...

    private WeightNames(bool package, bool parametrized, HashSet<string> transposed) =>
        (this.package, this.parametrized, this.transposed) = (package, parametrized, transposed);

    /// <summary>The spelling of a file, told from its names.</summary>
    public static WeightNames Of(EncodecModel model, IEnumerable<string> inFile)
    {
        var names = inFile.ToArray();
        var layers = model.Decoder.Layers.Select((layer, i) => (layer, i)).Where(l => l.layer is EncodecConvTranspose1d).Select(l => $"decoder.layers.{l.i}");
        return new WeightNames(
            names.Any(n => n.StartsWith("encoder.model.", StringComparison.Ordinal)),
            names.Any(n => n.Contains(".parametrizations.", StringComparison.Ordinal)),
            [.. layers]);
    }

    /// <summary>What the file calls a tensor of the model.</summary>
    public string InFile(string name)
    {
        if (parametrized)
            name = name.Replace(".weight_g", ".parametrizations.weight.original0", StringComparison.Ordinal).Replace(".weight_v", ".parametrizations.weight.original1", StringComparison.Ordinal);
        if (!package) return name;
        if (name.StartsWith("quantizer.", StringComparison.Ordinal))
            return name.Replace("quantizer.layers.", "quantizer.vq.layers.", StringComparison.Ordinal).Replace(".codebook.", "._codebook.", StringComparison.Ordinal);
        var kind = transposed.Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal)) ? "convtr" : "conv";
        return name.Replace(".conv.", $".{kind}.{kind}.", StringComparison.Ordinal)
            .Replace(".norm.", $".{kind}.norm.", StringComparison.Ordinal)
            .Replace("coder.layers.", "coder.model.", StringComparison.Ordinal);
    }

    /// <summary>Training statistics of published quantisers: in the files, but of no use here.</summary>
    public static bool IsStatistic(string name) =>
        name.EndsWith(".inited", StringComparison.Ordinal) || name.EndsWith(".cluster_size", StringComparison.Ordinal) || name.EndsWith(".embed_avg", StringComparison.Ordinal);
}

namespace MimiiGen.Hub;

/// <summary>A published model that this program can use, or that results of others were made with.</summary>
/// <param name="Name">Its name on the hub.</param>
/// <param name="Use">What for.</param>
public sealed record KnownModel(string Name, string Use)
{
    /// <summary>The models to choose from; any other of the same kind will do as well.</summary>
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        new("google/flan-t5-small", "captions, text encoder (0.3 GB)"),
        new("google/flan-t5-base", "captions, text encoder (1.0 GB)"),
        new("google/flan-t5-large", "captions, text encoder (3.1 GB)"),
        new("google/flan-t5-xl", "captions, text encoder (11 GB)"),
        new("google/byt5-small", "byte-level text encoder (1.2 GB)"),
        new("facebook/encodec_24khz", "codec, 24 kHz (0.1 GB)"),
        new("facebook/encodec_48khz", "codec, 48 kHz stereo (0.1 GB)"),
        new("laion/clap-htsat-unfused", "CLAP embeddings (0.6 GB)"),
        new("laion/larger_clap_general", "CLAP embeddings (0.8 GB)"),
        new("thelou1s/panns-inference", "PANNs CNN14 embeddings: --file \"Cnn14_mAP=0.431.pth\" (0.3 GB)"),
    ];
}

namespace MimiiGen.Hub;

/// <summary>A published model that this program can use, or that results of others were made with.</summary>
/// <param name="Name">Its name on the hub; its short one where it lies on none.</param>
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
        new("laion/clap-htsat-unfused", "CLAP embeddings, or 'clap' for short (0.6 GB)") { ShortName = "clap" },
        new("laion/larger_clap_general", "CLAP embeddings (0.8 GB)"),
        new("thelou1s/panns-inference", "PANNs Cnn14 embeddings, or 'panns' for short (0.3 GB)") { ShortName = "panns" },
        new("panns-16k", "PANNs Cnn14 embeddings at 16 kHz, from Zenodo (0.4 GB)")
        {
            Release = new ReleaseFile(
                "https://zenodo.org/records/3987831/files/Cnn14_16k_mAP=0.438.pth",
                358_668_570,
                "e2ee543a27919542c2ea03eabaa70b24dcd4e6c8e05621de6b67a94e4c5058e6"),
        },
        new("vggish", "VGGish embeddings, torchvggish's release (0.3 GB)")
        {
            Release = new ReleaseFile(
                "https://github.com/harritaylor/torchvggish/releases/download/v0.1/vggish-10086976.pth",
                288_567_937,
                "10086976245803799d9194e9a73d9b6c1549c71d1b80106f5cade5608a561f4b"),
        },
    ];

    /// <summary>What it is called among the embeddings; null where that is no other name.</summary>
    public string? ShortName { get; init; }

    /// <summary>The file that it is, where it lies on no hub; else null.</summary>
    public ReleaseFile? Release { get; init; }

    /// <summary>A model by either of its names; one that isn't known stands for itself.</summary>
    public static KnownModel Of(string name) => All.FirstOrDefault(m => m.Name == name || m.ShortName == name) ?? new KnownModel(name, "");
}

using MimiiGen.Training;
using TorchSharp;

namespace MimiiGen.Experiments;

/// <summary>How a study is run.</summary>
public sealed record StudyOptions
{
    /// <summary>Folder of recordings with a split.</summary>
    public required string Data { get; init; }

    /// <summary>Table file_name,split; null for the folder's own.</summary>
    public string? SplitFile { get; init; }

    /// <summary>Layout of the folder by name; null for the first that fits.</summary>
    public string? Layout { get; init; }

    /// <summary>A second folder of recordings, for <c>transfer</c>; null for none.</summary>
    public string? Other { get; init; }

    /// <summary>Folder of the generator that is studied where nothing is trained, and whose codec is used where something is.</summary>
    public required string Model { get; init; }

    /// <summary>Folder of EfficientAT mn04, in which clips are compared.</summary>
    public required string Embedding { get; init; }

    /// <summary>A language model for captions: a folder, or a name in the cache.</summary>
    public string LanguageModel { get; init; } = "google/flan-t5-base";

    /// <summary>Folder of all studies; this one goes into a folder of its own name in it, what studies share into <c>shared</c>.</summary>
    public required string Out { get; init; }

    /// <summary>Time that it may take, about.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Times that every arm is trained and sampled, at least 2: without, nothing tells a difference from chance.</summary>
    public int Seeds { get; init; } = 2;

    /// <summary>Where all chance starts from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to train and to sample.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>The command line, for the record.</summary>
    public string Command { get; init; } = "";

    /// <summary>The generator that arms train; null for one that a budget of minutes on two cores can teach something, larger on other devices.</summary>
    public GeneratorArchitecture? Architecture { get; init; }

    /// <summary>How arms train it; steps and seed are the study's.</summary>
    public GeneratorTrainingSettings Training { get; init; } = new() { LatentBandwidth = null };

    /// <summary>Fewest gradient steps of a training, whatever the budget.</summary>
    public int FewestSteps { get; init; } = 20;

    /// <summary>Steps of the sampler where a study doesn't say; null for what models say.</summary>
    public int? SamplerSteps { get; init; }

    /// <summary>Trainings of an auto-encoder detector; a clip's score is the mean of theirs.</summary>
    public int DetectorSeeds { get; init; } = 3;

    /// <summary>Passes of a detector's training over its clips.</summary>
    public int DetectorEpochs { get; init; } = 100;

    /// <summary>Gradient steps of what <c>latent</c> trains beside generators: a vocoder and an auto-encoder of spectrograms.</summary>
    public int RepresentationSteps { get; init; } = 400;

    /// <summary>Folder of the codec.</summary>
    internal string Codec => Path.Combine(Model, "codec");

    /// <summary>Folder of what studies share.</summary>
    internal string Shared => Path.Combine(Out, "shared");
}

using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Generation;

namespace MimiiGen.Experiments.Arms;

/// <summary>Brings an arm to its clips: training, sampling, or whatever its source is.</summary>
internal sealed class ArmClips(StudyData data, SharedParts shared, StudyPlan plan, string folder, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
{
    private readonly IReadOnlyList<TestClip> clips = TestClips.Of(data.Tests, plan.ClipsPerClass);

    public MadeClips Of(Arm arm, ulong seed)
    {
        switch (arm.Source)
        {
            case RealHalves:
                var (first, second) = TestClips.Halves(clips, seed);
                return new MadeClips(first, data.Dataset.Root, [.. second.Select(c => c.Clip.FileName)]);
            case CodecCopies codec:
                var coded = shared.Coded(clips, codec.Bandwidth);
                return new MadeClips(clips, coded.Folder, coded.Files);
            case Copies copies:
                var (changed, files) = shared.Copied(clips, copies.Through);
                return new MadeClips(clips, changed, files);
            default:
                return Generate(arm, (Generated)arm.Source, seed);
        }
    }

    /// <summary>A name as a file can have it.</summary>
    public static string FileName(Arm arm) => string.Concat(arm.Name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' ? c : '_'));

    private MadeClips Generate(Arm arm, Generated source, ulong seed)
    {
        var name = $"{FileName(arm)}-{seed}";
        (string Model, int Clips, double Validation)? trained = source.Recipe is { } recipe ? new ArmTraining(data, shared, warn, progress, stop).Run(recipe, Path.Combine(folder, "runs", source.SharedRun is { } run ? $"{run}-{seed}" : name), plan.StepsOf(arm.Name, recipe), plan.BaseSteps, seed) : null;
        using var model = SoundModel.Load(trained?.Model ?? data.Options.Model, data.Options.Device);
        var sampled = source with { Sampling = source.Sampling with { Steps = source.Sampling.Steps ?? data.Options.SamplerSteps } };
        var maker = new ClipMaker(model, sampled, source.Decoder is { } decoder ? shared.Load(decoder).Decode : null, trained is null ? null : warn);
        var target = Path.Combine(folder, "clips", source.SharedClips is { } common ? $"{common}-{seed}" : name);
        var (files, seconds) = maker.Make(clips, target, seed, progress, stop);
        var time = Path.Combine(target, "seconds.txt"); // clips of an earlier run took what they took then
        if (seconds is not null) AtomicFile.WriteText(time, JsonSerializer.Serialize(seconds));
        return new MadeClips(clips, target, files)
        {
            SecondsPerClip = seconds ?? (File.Exists(time) ? JsonSerializer.Deserialize<double>(File.ReadAllText(time)) : null),
            Parameters = model.ParameterCount / 1e6,
            TrainingSteps = source.Recipe is { } learned ? plan.StepsOf(arm.Name, learned) : null,
            TrainingClips = trained?.Clips,
            Validation = trained?.Validation,
            Sampling = maker.Sampling,
            WeightsSha256 = model.WeightsSha256(),
        };
    }
}

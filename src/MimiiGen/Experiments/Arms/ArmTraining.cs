using System.Diagnostics;
using MathNet.Numerics.Statistics;
using MimiiGen.Codec;
using MimiiGen.Generation;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Arms;

/// <summary>Trains an arm's generator.</summary>
internal sealed class ArmTraining(StudyData data, SharedParts shared, Action<string>? warn, IProgress<WorkProgress>? progress, CancellationToken stop)
{
    private const int UsualCheckpoints = 200;
    private const int PilotSteps = 12;
    private const int WarmingSteps = 3; // these make what the others reuse, and are not counted
    private const double FromBaseRate = 4e-4;

    private readonly StudyOptions options = data.Options;

    /// <summary>Steps between checkpoints: the last step is always one, so that a short training ends with its last weights.</summary>
    public static int Checkpoints(int steps) => Math.Max(UsualCheckpoints, steps / 5);

    /// <summary>Trains to the end and gives the model's folder, the number of clips it was trained on, and the best validation loss.</summary>
    /// <param name="recipe">How.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="steps">Gradient steps.</param>
    /// <param name="baseSteps">Those of the base, should it have to be trained.</param>
    /// <param name="seed">Of the run.</param>
    public (string Model, int Clips, double Validation) Run(Recipe recipe, string folder, int steps, int baseSteps, ulong seed)
    {
        Derive(recipe, folder, seed);
        var settings = Settings(recipe, steps, seed, baseSteps);
        using var trainer = new GeneratorTrainer(recipe.Architecture, settings, folder, options.Codec, data.Training, options.Device, warn);
        var validation = trainer.Run(new Renamed(progress, $"training {Path.GetFileName(folder)}"), stop);
        using var store = LatentStore.Read(folder);
        return (Path.Combine(folder, "model"), store.Shapes.Count, validation);
    }

    /// <summary>Seconds of a gradient step, from the first ones of a training that is thrown away.</summary>
    public double SecondsPerStep(Recipe recipe, string folder)
    {
        try
        {
            Derive(recipe with { FromBase = false }, folder, options.Seed);
            var settings = Settings(recipe with { FromBase = false }, PilotSteps, options.Seed, 0) with { FullLengthShare = 0, CheckpointEvery = 2 * PilotSteps };
            using var trainer = new GeneratorTrainer(recipe.Architecture, settings, folder, options.Codec, data.Training, options.Device, warn);
            var clock = new StepClock();
            trainer.Run(clock, stop);
            return clock.SecondsPerStep;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private void Derive(Recipe recipe, string folder, ulong seed)
    {
        if (recipe.Bandwidth is not { } bandwidth)
        {
            LatentStore.Derive(shared.Latents(recipe.FromOther, recipe.Representation), folder, (i, metadata) => recipe.Known(seed, i, metadata), recipe.Caption);
            return;
        }

        using var codec = EncodecModel.Load(options.Codec);
        LatentStore.Derive(shared.Latents(recipe.FromOther, recipe.Representation), folder, (i, metadata) => recipe.Known(seed, i, metadata), recipe.Caption, (codec, bandwidth));
    }

    private GeneratorTrainingSettings Settings(Recipe recipe, int steps, ulong seed, int baseSteps)
    {
        var usual = options.Training with { Steps = steps, Seed = seed, CheckpointEvery = Checkpoints(steps), LatentBandwidth = recipe.Bandwidth };
        return recipe.FromBase ? usual with { Start = new GeneratorStart(shared.Base(baseSteps)), LearningRate = FromBaseRate } : usual;
    }

    /// <summary>Times each step. The median is told, which other work on the machine moves least.</summary>
    private sealed class StepClock : IProgress<WorkProgress>
    {
        private readonly List<double> steps = [];
        private long last = Stopwatch.GetTimestamp();

        public double SecondsPerStep => steps.Skip(WarmingSteps).Median();

        public void Report(WorkProgress value)
        {
            if (value.Stage == "training generator") steps.Add(Stopwatch.GetElapsedTime(last).TotalSeconds);
            last = Stopwatch.GetTimestamp();
        }
    }
}

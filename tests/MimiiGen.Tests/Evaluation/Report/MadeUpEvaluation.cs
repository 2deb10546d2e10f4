using MimiiGen.Audio;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Tests.Evaluation.Report;

/// <summary>An evaluation made up from a seed, with clips to show; its numbers mean nothing.</summary>
internal static class MadeUpEvaluation
{
    private const int Rate = 16000;

    /// <param name="folder">Where the clips are written.</param>
    /// <param name="generatedShift">How far generated normal clips score above real ones, in standard deviations.</param>
    /// <param name="spreadRatio">Spread between generated clips over the real one.</param>
    public static EvaluationResult Make(string folder, double generatedShift = 0, double spreadRatio = 0.95)
    {
        var chance = new Random(7);
        ClipScore[] Scores(string name, int count, double mean) =>
            [.. Enumerable.Range(0, count).Select(i => new ClipScore($"{name}_{i:00000000}.wav", 9.5 + (0.8 * (mean + Normal(chance)))))];
        var scores = new ScoreGroups(Scores("normal", 40, 0), Scores("abnormal", 40, 1.3), Scores("normal", 40, generatedShift), Scores("abnormal", 40, generatedShift + 1.2));
        return new EvaluationResult
        {
            Machines = [Machine(scores, chance, spreadRatio)],
            Fad = new FadResult(2.41, 1.02, 200, 400),
            Pairs = [.. new[] { "normal", "anomaly" }.Select(c => Pair(folder, c, chance))],
            Seconds = 217,
            Settings = new EvaluationSettings
            {
                Command = "dotnet run -c Release --project src/MimiiGen.Cli -- evaluate --seed 0",
                Version = "0.1.0",
                Data = "samples",
                Model = "default",
                WeightsSha256 = new Dictionary<string, string> { ["codec.safetensors"] = new('a', 64), ["unet.safetensors"] = new('b', 64) },
                Seed = 0,
                Sampler = "ddim",
                Steps = 50,
                Guidance = 2.5,
                Detector = "auto-encoder of the DCASE baseline, 100 epochs, 3 seeds",
                Embedding = "mn04_as",
                EmbeddingSha256 = new('c', 64),
                Resampler = "Kaiser sinc, width 256, rolloff 0.995",
                Intervals = "95 %, 2000 bootstrap resamples within each class",
                Torch = "2.10.0",
                Device = "cpu",
                Threads = 2,
            },
        };
    }

    private static MachineResult Machine(ScoreGroups scores, Random chance, double spreadRatio)
    {
        double[] Of(IReadOnlyList<ClipScore> group) => [.. group.Select(s => s.Score)];
        var (realNormal, realAnomaly) = (Of(scores.RealNormal), Of(scores.RealAnomaly));
        var (madeNormal, madeAnomaly) = (Of(scores.GeneratedNormal), Of(scores.GeneratedAnomaly));
        DetectionResult Detection(double[] normals, double[] anomalies) => new(Bootstrap.Auc(normals, anomalies, 1, 200), Bootstrap.PartialAuc(normals, anomalies, 1, resamples: 200));
        ClassResult Class(string name) => new()
        {
            Name = name,
            RealSpreadDb = 2.85,
            GeneratedSpreadDb = 2.85 * spreadRatio,
            LevelErrorDb = 0.4,
            TimeVarianceRatio = [.. Enumerable.Range(0, 128).Select(b => 1 + (0.1 * Math.Sin(b)))],
            BandErrorDb = new[] { 63, 125, 250, 500, 1000, 2000, 4000, 8000 }.ToDictionary(b => b, _ => 1.2 * Normal(chance)),
        };
        return new MachineResult
        {
            Machine = "fan",
            Id = "id_00",
            Real = Detection(realNormal, realAnomaly),
            Generated = Detection(madeNormal, madeAnomaly),
            Mixed = Detection(realNormal, madeAnomaly),
            AucDifference = Bootstrap.AucDifference((realNormal, realAnomaly), (madeNormal, madeAnomaly), 1, 200),
            Controls = new ControlResult(new Interval(0.51, 0.39, 0.63), new Interval(0.55, 0.43, 0.67), new Interval(0.54, 0.42, 0.66), Bootstrap.Auc(realNormal, madeNormal, 1, 200)),
            Classes = [Class("normal"), Class("anomaly")],
            NearestTraining = new NearestTraining(4.1, 4.3, "normal_00000003.wav", "fan/id_00/normal/00000007.wav", 2.2, 0.02),
            Counts = new ClipCounts(80, realNormal.Length, realAnomaly.Length, madeNormal.Length, madeAnomaly.Length),
            Scores = scores,
        };
    }

    private static ClipPair Pair(string folder, string name, Random chance)
    {
        var real = $"real-{name}.wav";
        var generated = $"generated-{name}.wav";
        WavFile.Write(Path.Combine(folder, real), Waveform.Mono(Sound(chance, name == "anomaly"), Rate));
        WavFile.Write(Path.Combine(folder, generated), Waveform.Mono(Sound(chance, name == "anomaly"), Rate));
        return new ClipPair("fan", "id_00", name, name == "normal" ? "A fan id 00 operating normally" : "A fan id 00 with anomaly <of \"kind\" 3>", real, generated);
    }

    /// <summary>Three seconds of coloured noise with a hum of rotation; a fault adds beats around 3 kHz.</summary>
    private static float[] Sound(Random chance, bool faulty)
    {
        var samples = new float[3 * Rate];
        var smooth = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / Rate;
            var noise = Normal(chance);
            smooth += 0.15 * (noise - smooth);
            var value = (0.08 * smooth) + (0.006 * noise);
            for (var k = 1; k <= 8; k++) value += 0.012 / k * Math.Sin(2 * Math.PI * 118 * k * t);
            if (faulty) value += 0.02 * Math.Exp(-40 * (t * 2.5 % 1)) * Math.Sin(2 * Math.PI * 3100 * t);
            samples[i] = (float)value;
        }

        return samples;
    }

    private static double Normal(Random chance) =>
        Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}

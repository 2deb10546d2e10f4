using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Training;

/// <summary>A folder of made-up recordings in the MIMII layout: hum and noise, of one second, at 16 kHz; the faulty ones whistle too.</summary>
internal sealed class TinyRecordings : IDisposable
{
    public const int SampleRate = 16000;
    public const int TrainingNormals = 6;
    public const int TrainingAnomalies = 2;
    public const int TestClips = 3;

    public TinyRecordings()
    {
        var split = new List<string> { "file_name,split" };
        for (var i = 0; i < TrainingNormals + TestClips; i++) split.Add($"{Add("normal", i)},{(i < TrainingNormals ? "train" : "test")}");
        for (var i = 0; i < TrainingAnomalies + TestClips; i++) split.Add($"{Add("abnormal", i)},{(i < TrainingAnomalies ? "train" : "test")}");
        WriteSplit(split);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("recordings").FullName;

    public string SplitFile => Path.Combine(Folder, "split.csv");

    public IReadOnlyList<DatasetClip> ForTraining => [.. DatasetReader.Read(Folder).Clips.Where(c => c.Split == Split.Train)];

    public static float[] Sound(int seed, double seconds = 1, bool faulty = false)
    {
        var chance = new Random(seed);
        var loudness = Math.Pow(10, ((chance.NextDouble() * 6) - 30) / 20);
        var tone = 120 + (10 * chance.NextDouble());
        return [.. Enumerable.Range(0, (int)(seconds * SampleRate)).Select(n =>
        {
            var t = (double)n / SampleRate;
            var sound = Math.Sin(2 * Math.PI * tone * t) + (2 * chance.NextDouble()) - 1 + (faulty ? Math.Sin(2 * Math.PI * 2100 * t) : 0);
            return (float)(loudness * sound);
        })];
    }

    /// <summary>Writes a recording; gives its name from the folder.</summary>
    public string Write(string state, string name, float[] samples, WavEncoding encoding = WavEncoding.Pcm16)
    {
        var file = $"0_dB_fan/fan/id_00/{state}/{name}.wav";
        WavFile.Write(Path.Combine(Folder, file), Waveform.Mono(samples, SampleRate), encoding);
        return file;
    }

    public void WriteSplit(IEnumerable<string> lines) => File.WriteAllLines(SplitFile, lines);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Add(string state, int number) =>
        Write(state, $"{number:00000000}", Sound((state == "normal" ? 100 : 200) + number, faulty: state == "abnormal"));
}

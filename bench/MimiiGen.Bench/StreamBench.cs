using System.Diagnostics;
using MimiiGen.Audio;
using MimiiGen.Codec;
using MimiiGen.Codec.Files;

namespace MimiiGen.Bench;

/// <summary>Recordings of one to thirty minutes encoded and decoded as files: how long it takes, and that memory does not grow with them.</summary>
internal static class StreamBench
{
    private const int SampleRate = 16000;
    private const double Bandwidth = 6;

    public static IEnumerable<string> Run(string model)
    {
        var folder = Directory.CreateTempSubdirectory("stream").FullName;
        try
        {
            using var codec = NamedCodec.Load(model);
            foreach (var minutes in new[] { 1, 10, 30 })
            {
                var wav = Path.Combine(folder, $"{minutes}.wav");
                WavFile.Write(wav, Enumerable.Range(0, minutes * 60).Select(Second), 1, SampleRate, minutes * 60L * SampleRate);
                var coded = Path.Combine(folder, $"{minutes}.ecdc");
                yield return $"{minutes} min, encode: {Watched(() => SoundFileEncoder.Encode(codec, wav, coded, Bandwidth))}";
                yield return $"{minutes} min, decode: {Watched(() => SoundFileDecoder.Decode(codec, coded, Path.Combine(folder, "back.wav")))}";
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Watched(Action run)
    {
        PeakMemory.Restart();
        var clock = Stopwatch.StartNew();
        run();
        return $"{clock.Elapsed.TotalSeconds:0.0} s, peak memory {PeakMemory.Highest / 1e6:0} MB";
    }

    /// <summary>A second of hum and noise.</summary>
    private static Waveform Second(int index)
    {
        var chance = new Random(index);
        return Waveform.Mono([.. Enumerable.Range(0, SampleRate).Select(i => (float)((0.1 * Math.Sin(2 * Math.PI * 50 * i / SampleRate)) + (0.05 * (chance.NextDouble() - 0.5))))], SampleRate);
    }
}

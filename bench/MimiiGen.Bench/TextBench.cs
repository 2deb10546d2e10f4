using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MimiiGen.Captions;
using MimiiGen.Datasets;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>
/// Captions and their embeddings: an encoder of Flan-T5's size on 64 captions against the same network in Python's PyTorch (Debian's python3-torch),
/// both in this run; the template; and the memory that loading a large checkpoint takes.
/// </summary>
internal static class TextBench
{
    private const int Captions = 64;
    private const int Rounds = 3;

    private static readonly T5Config FlanSmall = new() { DFf = 1024, NumLayers = 8, NumHeads = 6, FeedForwardProj = T5Config.GatedGelu, TieWordEmbeddings = false };
    private static readonly T5Config FlanLarge = FlanSmall with { DModel = 1024, DFf = 2816, NumLayers = 24, NumHeads = 16 };

    public static IEnumerable<string> Run()
    {
        var captions = Enumerable.Range(0, Captions).Select(Caption).ToArray();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++) CaptionTemplate.Write(Metadata(i));
        yield return $"10,000 template captions: {clock.Elapsed.TotalSeconds:0.000} s";

        var tokenizer = SentencePieceTokenizer.Read(Path.Combine(Runtime.ShippedFiles.Folder("models/t5"), "spiece.model"));
        using (var encoder = new T5Encoder(FlanSmall))
        {
            encoder.eval();
            using var text = new TextEncoder(tokenizer, encoder);
            var tokens = captions.Select(caption => tokenizer.Encode(caption).Length).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                var ours = Work.Measure("ours", null, () => text.Encode(captions), seconds: 3).Seconds;
                var peer = Peer(tokens);
                yield return $"64 captions, {tokens.Sum()} tokens, flan-t5-small: {ours:0.000} s" +
                    (peer is { } other ? $"; PyTorch {other.Version}: {other.Seconds:0.000} s; theirs / ours {other.Seconds / ours:0.00}" : "; no python3 with torch to compare with");
            }
        }

        var (peak, file) = LoadLarge();
        yield return $"flan-t5-large, encoder and decoder: file {file / 1e9:0.00} GB, peak memory for it {peak / 1e9:0.00} GB, ratio {peak / (double)file:0.00}";
    }

    private static ClipMetadata Metadata(int i) => new()
    {
        Machine = i % 2 == 0 ? "slider" : "gearbox",
        Section = $"0{i % 3}",
        Microphone = i,
        Anomaly = i % 3 == 0,
        AnomalyType = "damage",
        Attributes = i % 2 == 0 ? [new("velocity", $"{100 * i}"), new("acceleration", "0.3")] : [new("voltage", "2.3"), new("weight", $"{i}")],
    };

    private static string Caption(int i) => CaptionTemplate.Write(Metadata(i));

    private static (double Seconds, string Version)? Peer(int[] tokens)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Runtime.ShippedFiles.Folder("bench/MimiiGen.Bench"), "t5_encoder.py"));
        start.ArgumentList.Add(get_num_threads().ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(JsonSerializer.Serialize(tokens));
        if (!File.Exists(start.FileName)) return null;
        using var python = Process.Start(start)!;
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        if (python.ExitCode != 0) return null;
        var answer = output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), answer[1]);
    }

    /// <summary>Loads a checkpoint of the right sizes, all zeros, which takes no room on the disk.</summary>
    private static (long Peak, long File) LoadLarge()
    {
        var folder = Directory.CreateTempSubdirectory("flan").FullName;
        try
        {
            FlanLarge.Write(Path.Combine(folder, "config.json"));
            var file = SparseCheckpoint.Write(Path.Combine(folder, "model.safetensors"), FlanLarge);
            var before = ProcessMemory.Status("VmRSS");
            ProcessMemory.StartPeak();
            using var model = T5ForConditionalGeneration.FromPretrained(folder);
            return (ProcessMemory.Status("VmHWM") - before, file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

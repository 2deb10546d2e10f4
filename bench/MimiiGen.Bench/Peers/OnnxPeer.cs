using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Bench;

/// <summary>
/// ONNX Runtime on graphs of a folder: NAME.onnx without weights, NAME.weights.json with name, shape and offset of each. The weights file that the
/// graph refers to is written by formula into a folder of its own beside a copy of the graph.
/// </summary>
internal sealed class OnnxPeer(string folder, int threads) : IPeer
{
    private readonly Dictionary<string, InferenceSession> sessions = [];
    private readonly Dictionary<string, OrtValue> inputs = [];
    private readonly DirectoryInfo copies = Directory.CreateTempSubdirectory("mimiigen-bench");

    public string Name => "ONNX Runtime " + OrtEnv.Instance().GetVersionString();

    public bool Has(NetworkWork work) => work.Graph is not null && File.Exists(Path.Combine(folder, work.Graph + ".onnx"));

    public (double Seconds, double MeanAbsolute) Run(NetworkWork work)
    {
        if (!sessions.TryGetValue(work.Graph!, out var session)) session = sessions[work.Graph!] = Open(work.Graph!);
        var given = work.Inputs.ToDictionary(i => i.Key, i => Input(i.Key, i.Value));
        if (session.InputNames.Contains("timestep"))
            given["timestep"] = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(NetworkWorks.Timestep, (int)work.Inputs["sample"][0]).ToArray(), [work.Inputs["sample"][0]]);
        using var options = new RunOptions();
        var start = Stopwatch.GetTimestamp();
        using var outputs = session.Run(options, given, session.OutputNames);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var sum = 0.0;
        foreach (var value in outputs[0].GetTensorDataAsSpan<float>()) sum += Math.Abs(value);
        return (seconds, sum / outputs[0].GetTensorTypeAndShape().ElementCount);
    }

    public void Dispose()
    {
        foreach (var session in sessions.Values) session.Dispose();
        foreach (var input in inputs.Values) input.Dispose();
        copies.Delete(recursive: true);
    }

    private InferenceSession Open(string graph)
    {
        var copy = Path.Combine(copies.FullName, graph + ".onnx");
        File.Copy(Path.Combine(folder, graph + ".onnx"), copy);
        using (var weights = File.Create(Path.ChangeExtension(copy, ".bin")))
        {
            foreach (var row in JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, graph + ".weights.json"))).RootElement.EnumerateArray())
            {
                weights.Position = row.GetProperty("offset").GetInt64();
                var shape = row.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToArray();
                weights.Write(MemoryMarshal.AsBytes(Formula.Values(row.GetProperty("name").GetString()!, shape).AsSpan()));
            }
        }

        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        return new InferenceSession(copy, options);
    }

    private OrtValue Input(string name, long[] shape)
    {
        var key = name + string.Join('x', shape);
        if (inputs.TryGetValue(key, out var value)) return value;
        return inputs[key] = OrtValue.CreateTensorValueFromMemory(NetworkWorks.Input(name, shape).data<float>().ToArray(), shape);
    }
}

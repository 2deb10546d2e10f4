using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MimiiGen.Bench;

/// <summary>PyTorch in a process of its own, with the same number of threads.</summary>
internal sealed class PyTorchPeer : IPeer
{
    public const string Missing = "PyTorch isn't measured: no python3 with torch and numpy here (Debian: apt-get install python3-torch), or name one with --python";

    private readonly Process process;

    private PyTorchPeer(Process process, string version)
    {
        this.process = process;
        Name = "PyTorch " + version;
    }

    public string Name { get; }

    /// <summary>Starts the first of these interpreters that has torch; null where none has.</summary>
    public static PyTorchPeer? Start(IEnumerable<string> interpreters, int threads)
    {
        foreach (var interpreter in interpreters)
        {
            var start = new ProcessStartInfo(interpreter, [Path.Combine(AppContext.BaseDirectory, "Peers", "torch_peer.py"), threads.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
            try
            {
                var process = Process.Start(start)!;
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                if (process.StandardOutput.ReadLine() is { } version) return new PyTorchPeer(process, version);
                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                continue;
            }
        }

        return null;
    }

    public bool Has(NetworkWork work) => true;

    public (double Seconds, double MeanAbsolute) Run(NetworkWork work)
    {
        var numbers = Ask(new JsonObject { ["network"] = work.Network, ["config"] = work.Config?.DeepClone(), ["input"] = JsonSerializer.SerializeToNode(work.Inputs) });
        return (numbers[0], numbers[1]);
    }

    /// <summary>One step of a U-Net's training; the last input is what the output is to be.</summary>
    public TrainingStep Train(JsonNode config, IReadOnlyDictionary<string, long[]> inputs)
    {
        var numbers = Ask(new JsonObject { ["network"] = "unet", ["config"] = config.DeepClone(), ["input"] = JsonSerializer.SerializeToNode(inputs), ["train"] = true });
        return new TrainingStep(numbers[0], numbers[1], (long)numbers[2]);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private double[] Ask(JsonObject request)
    {
        process.StandardInput.WriteLine(request.ToJsonString());
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch's process ended");
        return [.. answer.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
    }
}

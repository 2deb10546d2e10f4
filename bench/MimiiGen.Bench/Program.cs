using MimiiGen.Bench;
using MimiiGen.Runtime;
using TorchSharp;

if (args is ["text"])
{
    foreach (var line in TextBench.Run()) Console.WriteLine(line);
    return;
}

// What the other speeds are held against is measured in the same run, before them and after them: on a shared
// machine the two may differ, and then so may the ratios.
var before = MatmulSpeed.Gigaflops(torch.CPU, seconds: 2);
Measurement[] measurements = [.. ShippedModelBench.Run(args.Length > 0 ? args[0] : ShippedFiles.Folder("models/default"))];
var after = MatmulSpeed.Gigaflops(torch.CPU, seconds: 2);
BenchTable.Show(measurements, before, after);

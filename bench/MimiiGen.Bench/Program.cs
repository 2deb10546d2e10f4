using System.CommandLine;
using MimiiGen.Bench;
using MimiiGen.Runtime;
using TorchSharp;

var model = new Option<string>("--model") { Description = "model folder", DefaultValueFactory = _ => ShippedFiles.Folder("models/default") };
var onnx = new Option<string?>("--onnx") { Description = "folder with ONNX graphs of the networks, to measure ONNX Runtime too" };
var python = new Option<string[]>("--python") { Description = "Python interpreters to look for torch in", DefaultValueFactory = _ => ["python3", "/usr/bin/python3"] };
var rounds = new Option<int>("--rounds") { Description = "rounds of ours and the peers' in turn", DefaultValueFactory = _ => 5 };
var only = new Option<string?>("--only") { Description = "only networks whose name contains this" };
var command = new RootCommand("Speeds of this machine, each as a ratio to a matrix product and to peers of the same run.") { model, onnx, python, rounds, only };
command.SetAction(options =>
{
    // What the other speeds are held against is measured in the same run, before them and after them: on a shared
    // machine the two may differ, and then so may the ratios.
    var before = MatmulSpeed.Gigaflops(torch.CPU, seconds: 2);
    var threads = torch.get_num_threads();
    var peers = new List<IPeer>();
    if (PyTorchPeer.Start(options.GetValue(python)!, threads) is { } pytorch) peers.Add(pytorch);
    else Console.Error.WriteLine(PyTorchPeer.Missing);
    if (options.GetValue(onnx) is { } folder) peers.Add(new OnnxPeer(folder, threads));
    else Console.Error.WriteLine("ONNX Runtime isn't measured: give the folder of the graphs with --onnx");

    var filter = options.GetValue(only);
    var comparisons = new List<Comparison>();
    foreach (var work in NetworkWorks.All().Where(work => filter is null || work.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        comparisons.Add(PeerBench.Compare(work, peers, options.GetValue(rounds)));
    Measurement[] measurements = filter is null ? [.. ShippedModelBench.Run(options.GetValue(model)!)] : [];
    var after = MatmulSpeed.Gigaflops(torch.CPU, seconds: 2);
    BenchTable.ShowMachine(before, after);
    BenchTable.Show(comparisons, peers, (before + after) / 2);
    if (measurements.Length > 0) BenchTable.Show(measurements, (before + after) / 2);
    foreach (var peer in peers) peer.Dispose();
});

var text = new Command("text", "Captions, their encoder against PyTorch, and the memory that loading a large checkpoint takes.");
text.SetAction(_ =>
{
    foreach (var line in TextBench.Run()) Console.WriteLine(line);
});
command.Subcommands.Add(text);

var steps = new Option<int>("--rounds") { Description = "steps of ours and PyTorch's in turn", DefaultValueFactory = _ => 3 };
var training = new Command("training", "A step of training of each U-Net against PyTorch, and the memory that a clip takes.") { steps };
training.SetAction(options =>
{
    using var peer = PyTorchPeer.Start(["python3", "/usr/bin/python3"], torch.get_num_threads());
    foreach (var line in TrainingBench.Run(ShippedFiles.Folder("models/default"), peer, options.GetValue(steps))) Console.WriteLine(line);
});
command.Subcommands.Add(training);

var stream = new Command("stream", "Recordings of one to thirty minutes through the codec as files: time, and memory that does not grow.");
stream.SetAction(_ =>
{
    foreach (var line in StreamBench.Run(Path.Combine(ShippedFiles.Folder("models/default"), "codec"))) Console.WriteLine(line);
});
command.Subcommands.Add(stream);

var clips = new Option<int>("--clips") { Description = "clips a side", DefaultValueFactory = _ => 400 };
var score = new Command("score", "Log-mel against torchaudio, the Fréchet distance of large sets, and the whole of scoring.") { clips };
score.SetAction(options =>
{
    foreach (var line in ScoreBench.Run(options.GetValue(clips))) Console.WriteLine(line);
});
command.Subcommands.Add(score);

var fitted = new Option<int>("--clips") { Description = "clips of 10 s", DefaultValueFactory = _ => 1000 };
var epochs = new Option<int>("--epochs") { Description = "epochs of each measurement", DefaultValueFactory = _ => 2 };
var turns = new Option<int>("--rounds") { Description = "measurements of ours and PyTorch's in turn", DefaultValueFactory = _ => 3 };
var detector = new Command("detector", "Fitting the DCASE auto-encoder against PyTorch, and the memory it takes.") { fitted, epochs, turns };
detector.SetAction(options =>
{
    foreach (var line in DetectorBench.Run(options.GetValue(fitted), options.GetValue(epochs), options.GetValue(turns))) Console.WriteLine(line);
});
command.Subcommands.Add(detector);
return command.Parse(args).Invoke();

using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Experiments;

using var stop = new StopSignal();
Command[] verbs =
[
    new EvaluateVerb(),
    new ScoreVerb(),
    new RecogniseVerb(),
    new CopiesVerb(),
    new ClustersVerb(),
    new GenerateVerb(),
    new EncodeVerb(),
    new DecodeVerb(),
    new Command("train", "Trains a codec or a generator.") { new TrainCodecVerb(), new TrainGeneratorVerb() },
    new Command("detect", "Fits detectors and scores clips with them.") { new DetectFitVerb(), new DetectScoreVerb() },
    new CaptionVerb(),
    new Command("models", "Looks after published models: text encoders, codecs, embeddings.") { new ModelsPullVerb(), new ModelsListVerb(), new ModelsVerifyVerb() },
    Experiments(),
    new Command("data", "Looks after datasets.") { new DataCheckVerb(), new DataWriteVerb() },
    new DoctorVerb(),
];
return await Application.RunAsync(args, verbs, Console.Out, Console.Error, stop.Token);

static Command Experiments()
{
    var group = new Command("experiment", "Runs the paper's experiments and open questions, each from data to report.") { new ExperimentListVerb(), new ExperimentPageVerb() };
    foreach (var study in Study.All) group.Subcommands.Add(new StudyVerb(study));
    return group;
}

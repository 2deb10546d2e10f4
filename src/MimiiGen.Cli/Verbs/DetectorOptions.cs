using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Detection;
using MimiiGen.Evaluation;
using MimiiGen.Evaluation.Sections;
using MimiiGen.Runtime;

namespace MimiiGen.Cli.Verbs;

/// <summary>What <c>detect fit</c> and <c>detect score</c> share.</summary>
internal sealed class DetectorOptions
{
    private readonly Option<int?> epochs = CommonOptions.AtLeastOne<int?>(new("--epochs") { Description = "Passes of an auto-encoder's training (default: as published)" });
    private readonly Option<double?> timeout = new("--detector-timeout") { Description = "Seconds that a command may take for a section (default: 1800)", HelpName = "seconds" };
    private readonly Option<ulong> seed = CommonOptions.Seed();

    public void AddTo(Command verb, bool withTimeout)
    {
        verb.Options.Add(epochs);
        if (withTimeout) verb.Options.Add(timeout);
        verb.Options.Add(seed);
    }

    public DetectorRun.Settings Settings(ParseResult arguments) =>
        new(arguments.GetValue(epochs), arguments.GetValue(seed), arguments.GetValue(timeout) is { } seconds ? Seconds(seconds) : null);

    public static TimeSpan Seconds(double seconds) =>
        seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : throw new BadInputException($"--detector-timeout {seconds}: give seconds above 0");

    public static Func<string, ClipVectors?> Embeddings() => EmbeddingVectors.From(() => SoundEmbedder.Load(ShippedFiles.Folder("models/efficientat-mn04")));
}

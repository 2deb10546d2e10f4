using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen data write DIR --layout dcase --out SET</c>: any recordings, generated ones too, in a published layout.</summary>
internal sealed class DataWriteVerb : Verb
{
    private readonly Argument<string[]> folders = new("DIR") { Description = "Folders of recordings: datasets, or clips that 'generate' or 'evaluate' made", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> layout = new("--layout") { Description = $"Layout to write: {string.Join(", ", DatasetWriter.LayoutNames)}", HelpName = "name", Required = true };
    private readonly Option<string> target = new("--out") { Description = "A new folder", HelpName = "folder", Required = true };

    public DataWriteVerb()
        : base(
            "write",
            "Writes recordings as MIMII or DCASE folders with their tables, so that a challenge's systems run on them unchanged.",
            "mimiigen data write out/generated --layout dcase --out out/dcase",
            "mimiigen data write samples out/evaluate/clips --layout mimii --out out/mimii")
    {
        Arguments.Add(folders);
        Options.Add(layout);
        Options.Add(target);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        Dataset[] datasets = [.. arguments.GetRequiredValue(folders).Select(folder => DatasetReader.Read(folder))];
        foreach (var file in datasets.SelectMany(d => d.LeftOut)) context.Log($"left out: {file.FileName}: {file.Reason}");
        var written = DatasetWriter.Write(datasets, arguments.GetValue(layout)!, arguments.GetValue(target)!, context.Log, context.Progress, context.Cancellation);
        return new VerbResult(written, console => console.Profile.Out.Writer.WriteLine(
            $"{written.Recordings} recordings in {written.Folder}{string.Concat(written.Tables.Select(t => $"{Environment.NewLine}  {t}"))}"));
    }
}

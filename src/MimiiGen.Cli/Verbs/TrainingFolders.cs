using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Datasets;

namespace MimiiGen.Cli.Verbs;

/// <summary>What both trainings take: recordings, their split, and the folder of the run.</summary>
internal sealed class TrainingFolders(string defaultTarget)
{
    private readonly Option<string> data = new("--data") { Description = "Folder of recordings", HelpName = "folder", Required = true };
    private readonly Option<string?> split = new("--split") { Description = "Table file_name,split; clips marked test are never read (default: split.csv of the folder, if there is one)", HelpName = "file" };
    private readonly Option<string?> layout = LayoutOption.Create();
    private readonly Option<string?> keepOut = new("--keep-out") { Description = "Train without such clips, to be judged on them by 'evaluate --kept-out': machine, id, section, domain, fault, snr or an attribute", HelpName = "key=value" };
    private readonly Option<string> target = new("--out") { Description = "Folder of the run", HelpName = "folder", DefaultValueFactory = _ => defaultTarget };

    private readonly Option<bool> resume = new("--resume") { Description = "Only go on with the run that is in --out; without it one is begun where there is none" };

    public void AddTo(Command verb)
    {
        verb.Options.Add(data);
        verb.Options.Add(split);
        verb.Options.Add(layout);
        verb.Options.Add(keepOut);
        verb.Options.Add(target);
        verb.Options.Add(resume);
    }

    public string Target(ParseResult arguments)
    {
        var folder = arguments.GetValue(target)!;
        if (arguments.GetValue(resume) && (!Directory.Exists(folder) || Directory.GetFiles(folder).Length == 0))
            throw new BadInputException($"{folder}: there is no run to go on with; leave --resume away to begin one");
        return folder;
    }

    public IReadOnlyList<DatasetClip> Clips(ParseResult arguments, VerbContext context)
    {
        var dataset = DatasetReader.Read(arguments.GetValue(data)!, arguments.GetValue(split), layoutName: arguments.GetValue(layout));
        foreach (var file in dataset.LeftOut) context.Log($"left out: {file.FileName}: {file.Reason}");
        DatasetClip[] clips = [.. dataset.Clips.Where(c => c.Split != Split.Test)];
        if (clips.Length == 0) throw new BadInputException($"{dataset.Root}: the split marks every clip as test; leave some to train on");
        var rest = arguments.GetValue(keepOut) is { } kept ? KeptOut.Parse(kept).Rest(clips) : clips;
        context.Log($"{rest.Count} clips to train on, {dataset.Clips.Count - clips.Length} for the test{(rest == clips ? "" : $", {clips.Length - rest.Count} kept out")}");
        return rest;
    }
}

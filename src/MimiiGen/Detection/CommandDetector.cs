using System.Diagnostics;
using System.Globalization;
using MimiiGen.Audio;

namespace MimiiGen.Detection;

/// <summary>
/// A program of the user's. It is given a folder with <c>train/</c> (the normal clips) and <c>test/</c> (the clips to score, under names that tell nothing) and
/// writes <c>NAME,SCORE</c> for each file of <c>test/</c> into a CSV file. In the command line {folder} and {scores} stand for the two paths; where they
/// don't occur, the paths are added at its end.
/// </summary>
/// <param name="command">A line for <c>/bin/sh</c>.</param>
/// <param name="timeout">After that the program and its children are ended.</param>
public sealed class CommandDetector(string command, TimeSpan timeout) : IDetector
{
    private IReadOnlyList<DetectorClip>? normals;

    /// <inheritdoc/>
    public string Name => $"command: {command}";

    /// <summary>Keeps the clips for the program, which learns and scores in one go.</summary>
    public void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default) => normals = normalClips;

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        var training = normals ?? throw new InvalidOperationException("the detector is not fitted yet");
        var folder = Directory.CreateTempSubdirectory("detector-").FullName;
        try
        {
            for (var i = 0; i < training.Count; i++) Write(Path.Combine(folder, "train", FileName(i, training[i])), training[i]);
            for (var i = 0; i < clips.Count; i++) Write(Path.Combine(folder, "test", FileName(i, clips[i])), clips[i]);
            var scores = Path.Combine(folder, "scores.csv");
            Run(folder, scores, cancel);
            if (!File.Exists(scores)) throw new BadInputException($"'{command}' wrote no scores: it has to write NAME,SCORE lines to the path given for {{scores}}");
            return Read(scores, [.. clips.Select((c, i) => c with { Name = FileName(i, c) })]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // of a test clip the domain is all that a challenge's file name tells
    private static string FileName(int index, DetectorClip clip) => string.Create(CultureInfo.InvariantCulture, $"{clip.Domain ?? "source"}_{index:d6}.wav");

    private static void Write(string path, DetectorClip clip)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WavFile.Write(path, Waveform.Mono(clip.Sound.Channel(0), clip.Sound.SampleRate));
    }

    private IReadOnlyList<double> Read(string scores, DetectorClip[] clips)
    {
        try
        {
            using var table = ScoreTable.Read(scores);
            return table.Score(clips);
        }
        catch (BadInputException e)
        {
            // the file is gone when this is read
            throw new BadInputException($"'{command}' wrote no table of scores: {e.Message.Replace(scores, "{scores}", StringComparison.Ordinal)}", e);
        }
    }

    private void Run(string folder, string scores, CancellationToken cancel)
    {
        var line = command.Contains("{folder}", StringComparison.Ordinal) || command.Contains("{scores}", StringComparison.Ordinal) ? command : command + " {folder} {scores}";
        line = line.Replace("{folder}", folder, StringComparison.Ordinal).Replace("{scores}", scores, StringComparison.Ordinal);
        var lastWords = "";
        using var process = new Process { StartInfo = new ProcessStartInfo("/bin/sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) => lastWords = string.IsNullOrWhiteSpace(e.Data) ? lastWords : e.Data.Trim();
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(timeout);
        try
        {
            process.WaitForExitAsync(late.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"'{command}' was ended after {timeout.TotalSeconds:0.#} s: give it more time with --detector-timeout"));
        }

        if (process.ExitCode != 0) throw new BadInputException($"'{command}' ended with {process.ExitCode}{(lastWords.Length > 0 ? $": {ForeignText.OneLine(lastWords, 200)}" : "")}");
    }
}

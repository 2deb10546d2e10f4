using System.Diagnostics;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Cli;

/// <summary>The program as a process, killed at random moments without a warning.</summary>
[Collection(nameof(TrainingCollection))]
public sealed class KilledTrainingTests(TinyModel tiny) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("killed").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ATrainingKilledAtRandomMomentsEndsWithTheSameCodec()
    {
        await Finish("through");
        var chance = new Random(1);
        for (var i = 0; i < 3; i++)
        {
            using var process = Start("killed");

            await Task.Delay(chance.Next(1200, 2600));
            process.Kill();
            await process.WaitForExitAsync();
        }

        await Finish("killed", "--resume");

        Assert.Equal(File.ReadAllBytes(In("through/model.safetensors")), File.ReadAllBytes(In("killed/model.safetensors")));
        Assert.Equal(Steps("through"), Steps("killed"));
        Assert.Empty(Directory.GetFiles(In("killed"), "*.partial", SearchOption.AllDirectories));
    }

    private async Task Finish(string run, params string[] options)
    {
        using var process = Start(run, options);
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }

    private Process Start(string run, params string[] options)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "MimiiGen.Cli.dll"), "train", "codec", "--data", tiny.Recordings.Folder, "--from", tiny.Codec, "--out", In(run),
            "--steps", "24", "--checkpoint-every", "2", "--batch", "1", "--discriminator-filters", "1", "--threads", "1",
            .. options,
        ];
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private IEnumerable<string> Steps(string run) => File.ReadAllLines(In($"{run}/log.csv")).Select(l => l.Split(',')[1]);

    private string In(string name) => Path.Combine(folder, name);
}

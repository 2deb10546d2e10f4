using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Hub;

namespace MimiiGen.Tests.Cli;

public sealed class ModelsVerbTests : IDisposable
{
    private readonly string cache = Directory.CreateTempSubdirectory("models").FullName;
    private readonly string? before = Environment.GetEnvironmentVariable("HF_HUB_CACHE");

    public ModelsVerbTests() => Environment.SetEnvironmentVariable("HF_HUB_CACHE", cache);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", before);
        Directory.Delete(cache, recursive: true);
    }

    [Fact]
    public async Task PulledModelsAreListedAndVerified()
    {
        using var hub = new LoopbackHub().With("model.safetensors", LoopbackHub.Bytes(1000), large: true).With("config.json", "{}"u8.ToArray());

        var pulled = await Run("pull", LoopbackHub.Model, "--hub", hub.Address);
        Assert.Equal(ExitCode.Done, pulled.Code);
        Assert.Contains(Path.Combine(cache, "models--acme--hum", "snapshots", LoopbackHub.Commit), pulled.Output, StringComparison.Ordinal);
        Assert.Contains(LoopbackHub.Model, (await Run("list")).Output, StringComparison.Ordinal);
        Assert.Contains("all as published", (await Run("verify", LoopbackHub.Model)).Output, StringComparison.Ordinal);

        File.AppendAllText(Path.Combine(cache, "models--acme--hum", "blobs", LoopbackHub.Sha256(LoopbackHub.Bytes(1000))), "x");
        var damaged = await Run("verify");
        Assert.Equal(ExitCode.Failed, damaged.Code);
        Assert.Contains("model.safetensors: damaged", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotThereIsBadInput()
    {
        Assert.Equal(ExitCode.BadInput, (await Run("pull", "acme/hum", "--offline")).Code);
        Assert.Equal(ExitCode.BadInput, (await Run("verify", "acme/hum")).Code);
    }

    private static async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        var output = new StringWriter();
        var code = await Application.RunAsync(
            ["models", .. arguments, "--threads", "1"],
            [new Command("models") { new ModelsPullVerb(), new ModelsListVerb(), new ModelsVerifyVerb() }],
            output,
            TextWriter.Null,
            TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}

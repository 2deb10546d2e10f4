using System.CommandLine;
using System.Text.Json;
using MimiiGen.Audio;
using MimiiGen.Cli.Framework;
using MimiiGen.Cli.Verbs;
using MimiiGen.Tests.Codec;
using MimiiGen.Tests.Golden;
using MimiiGen.Tests.Training;

namespace MimiiGen.Tests.Cli;

/// <summary>WAV files to encoded files and back, from the command line to the exit code.</summary>
public sealed class EncodeDecodeVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("encodeverb").FullName;

    public EncodeDecodeVerbTests()
    {
        FormulaCodec.FillCodebooks(TinyNetworks.WriteCodec(In("codec")), 1);
        WavFile.Write(In("in.wav"), Waveform.Mono([.. Formula.Values("wave", 8000).Select(x => 0.2f * x)], 16000));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("x.ecdc", "codes of 3 codebooks", 3, "--bandwidth", "0.9")]
    [InlineData("x.safetensors", "codes of 1 codebooks", 1, "--bandwidth", "0.3")]
    [InlineData("x.safetensors", "as latents", null, "--latents")]
    public async Task AWavFileGoesThereAndBack(string name, string told, int? codebooks, params string[] options)
    {
        var encoded = await Run(["encode", In("in.wav"), "--out", In(name), .. options]);
        Assert.Equal((ExitCode.Done, ""), (encoded.Code, Rest(encoded)));
        Assert.Contains("0.5 s", encoded.Output, StringComparison.Ordinal);
        Assert.Contains(told, encoded.Output, StringComparison.Ordinal);

        var json = await Run(["encode", In("in.wav"), "--out", In(name), "--json", .. options]);
        using var document = JsonDocument.Parse(json.Output);
        var sound = document.RootElement.GetProperty("encoded");
        Assert.Equal(38, sound.GetProperty("frames").GetInt32());
        Assert.Equal(codebooks, sound.GetProperty("codebooks").ValueKind == JsonValueKind.Null ? null : sound.GetProperty("codebooks").GetInt32());
        Assert.Equal(new FileInfo(In(name)).Length, sound.GetProperty("bytes").GetInt64());

        var decoded = await Run("decode", In(name), "--out", In("y.wav"), "--rate", "16000");
        Assert.True(decoded.Code == ExitCode.Done, decoded.Error);
        Assert.StartsWith($"{In("y.wav")}: 0.5 s by mimiigen-", decoded.Output, StringComparison.Ordinal);
        Assert.Equal((8000, 16000), (WavFile.Read(In("y.wav")).Length, WavFile.Read(In("y.wav")).SampleRate));
    }

    [Fact]
    public async Task WhatCannotBeDoneIsRefusedInOneLine()
    {
        Refused("--out", await Run("encode", In("in.wav")));
        Refused("this codec serves 0.3, 0.9", await Run("encode", In("in.wav"), "--out", In("x.ecdc")));
        Refused("no such WAV file", await Run("encode", In("none.wav"), "--out", In("x.ecdc"), "--bandwidth", "0.9"));
        Refused("no .ecdc file", await Run("decode", Written("x.ecdc", "RIFF"), "--out", In("y.wav")));
        Refused("\"encodec_32khz\"", await Run("decode", GoldenFile.PathOf("encodec/ecdc/bad/unknown_model.ecdc"), "--out", In("y.wav")));
        Refused("encoded by the model \"encodec_24khz\"", await Run("decode", GoldenFile.PathOf("encodec/ecdc/s1_24khz_6kbps.ecdc"), "--out", In("y.wav")));
        Refused("no such model", await RunAll("decode", In("in.wav"), "--out", In("y.wav"), "--model", In("none")));
    }

    private string Written(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    private Task<Ended> Run(params string[] line) => RunAll([.. line, "--model", In("codec")]);

    private static async Task<Ended> RunAll(params string[] line)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Command[] verbs = [new EncodeVerb(), new DecodeVerb()];
        var code = await Application.RunAsync(line, verbs, output, error, TestContext.Current.CancellationToken);
        return new Ended(code, output.ToString(), error.ToString());
    }

    /// <summary>Of stderr what is no progress.</summary>
    private static string Rest(Ended ended) => string.Join('\n', ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("encoding", StringComparison.Ordinal)));

    private static void Refused(string reason, Ended ended)
    {
        Assert.True(ended.Code == ExitCode.BadInput, ended.Error);
        Assert.Equal("", ended.Output);
        Assert.Contains(reason, ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(folder, name);

    private sealed record Ended(int Code, string Output, string Error);
}

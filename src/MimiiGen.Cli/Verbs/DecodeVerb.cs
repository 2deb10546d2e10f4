using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Codec;
using MimiiGen.Codec.Files;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen decode</c>: codes or latents back into a WAV file.</summary>
internal sealed class DecodeVerb : Verb
{
    private readonly Argument<string> source = new("FILE") { Description = "An .ecdc file, or a .safetensors file that encode wrote" };
    private readonly Option<string> target = new("--out") { Description = "WAV file to write", HelpName = "file", Required = true };
    private readonly Option<int?> rate = new("--rate") { Description = "Its sample rate in Hz (default: the codec's)", HelpName = "Hz" };
    private readonly Option<string> model = ModelOption.Create("The model or codec that encoded it: a folder, or the encodec package's .th file");

    public DecodeVerb()
        : base(
            "decode",
            "Decodes an .ecdc file, or codes or latents from .safetensors, into a WAV file.",
            "mimiigen decode x.ecdc --out y.wav",
            "mimiigen decode x.ecdc --out y.wav --model encodec_24khz-d7cc33bc.th --rate 16000")
    {
        Arguments.Add(source);
        foreach (var option in new Option[] { target, rate, model }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var file = arguments.GetValue(target)!;
        using var codec = NamedCodec.Load(arguments.GetValue(model)!, context.Device);
        var decoded = SoundFileDecoder.Decode(codec, arguments.GetValue(source)!, file, arguments.GetValue(rate), context.Log, context.Progress, context.Cancellation);
        return new VerbResult(new { file, decoded.Codec, decoded.Seconds, decoded.Bytes }, console => console.Profile.Out.Writer.WriteLine($"{file}: {decoded.Seconds:0.##} s by {decoded.Codec}"));
    }
}

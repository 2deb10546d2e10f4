using System.CommandLine;
using MimiiGen.Cli.Framework;
using MimiiGen.Codec;
using MimiiGen.Codec.Files;
using Spectre.Console;

namespace MimiiGen.Cli.Verbs;

/// <summary><c>mimiigen encode</c>: a WAV file into codes or latents.</summary>
internal sealed class EncodeVerb : Verb
{
    private readonly Argument<string> source = new("WAV") { Description = "WAV file of any rate and length" };
    private readonly Option<string> target = new("--out") { Description = "File to write: .ecdc, or .safetensors", HelpName = "file", Required = true };
    private readonly Option<double> bandwidth = new("--bandwidth") { Description = "kbit/s: 1.5, 3, 6, 12 or 24 of the codecs at 24 kHz, 3, 6, 12 or 24 of that at 48 kHz", HelpName = "kbit/s", DefaultValueFactory = _ => 6 };
    private readonly Option<bool> latents = new("--latents") { Description = "Write the latents before quantisation instead of codes (.safetensors)" };
    private readonly Option<int?> channel = new("--channel") { Description = "Channel to take, counted from 0 (default: all; the mean of them for a codec of one channel)", HelpName = "number" };
    private readonly Option<string> model = ModelOption.Create("Folder of a model or codec, or the encodec package's .th file");

    public EncodeVerb()
        : base(
            "encode",
            "Encodes a WAV file into an .ecdc file as the encodec package writes it, or codes or latents into .safetensors.",
            "mimiigen encode in.wav --out x.ecdc --bandwidth 6",
            "mimiigen encode in.wav --out x.ecdc --model encodec_24khz-d7cc33bc.th --bandwidth 1.5",
            "mimiigen encode in.wav --out x.safetensors --latents --channel 0")
    {
        Arguments.Add(source);
        foreach (var option in new Option[] { target, bandwidth, latents, channel, model }) Options.Add(option);
    }

    public override VerbResult Run(ParseResult arguments, VerbContext context)
    {
        var file = arguments.GetValue(target)!;
        using var codec = NamedCodec.Load(arguments.GetValue(model)!, context.Device);
        double? rate = arguments.GetValue(latents) ? null : arguments.GetValue(bandwidth);
        var encoded = SoundFileEncoder.Encode(codec, arguments.GetValue(source)!, file, rate, arguments.GetValue(channel), context.Log, context.Progress, context.Cancellation);
        return new VerbResult(new { file, encoded }, console =>
        {
            var content = encoded.Codebooks is { } codebooks ? $"codes of {codebooks} codebooks" : "latents";
            console.Profile.Out.Writer.WriteLine($"{file}: {encoded.Seconds:0.##} s as {content} in {encoded.Frames} frames; {encoded.Bytes} bytes, {encoded.Bandwidth:0.0#} kbit/s, by {encoded.Codec}");
        });
    }
}

using MimiiGen.Audio;
using MimiiGen.Checkpoints;
using MimiiGen.Codec;
using MimiiGen.Codec.Files;
using MimiiGen.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Codec;

/// <summary>WAV files into encoded files and back, by a small codec.</summary>
public sealed class SoundFileTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("soundfile").FullName;
    private readonly NamedCodec codec;

    public SoundFileTests() => codec = NamedCodec.Load(WriteCodec("codec", codebookScale: 1));

    public void Dispose()
    {
        codec.Dispose();
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(8000, 1, 4321)]
    [InlineData(16000, 8, 16000)]
    [InlineData(24000, 1, 1)]
    [InlineData(44100, 2, 300000)]
    public void LatentsInPartsAreThoseOfTheWholeFile(int rate, int channels, int length)
    {
        var wave = Write(rate, channels, length);
        var encoded = Encode("a.safetensors", bandwidth: null);

        // the mean of the channels, resampled, brought to the codec's level, all in one piece
        var mean = Enumerable.Range(0, length).Select(i => wave.Channels.Average(c => c[i])).ToArray();
        var whole = KaiserResampler.Steep.Resample(mean, rate, 24000);
        var scale = (float)((Math.Sqrt(whole.Average(x => (double)x * x)) + 1e-8) / 0.1);
        using var noGrad = no_grad();
        var latents = codec.Model.Encode(tensor(whole, [1, 1, whole.Length]) / scale)[0]; // (hidden, frames)
        var stored = SafeTensors.Read(In("a.safetensors"));
        Golden.GoldenFile.AssertClose(latents, stored["latents"], FormulaCodec.EncoderTolerance, "latents");
        Assert.Equal(scale, stored["scales"].ToSingle(), scale * 1e-5);
        Assert.Equal((null, (whole.Length + 319) / 320), (encoded.Codebooks, encoded.Frames));

        SoundFileDecoder.Decode(codec, In("a.safetensors"), In("b.wav"));
        var decoded = codec.Model.Decode(latents.unsqueeze(0))[0, 0, ..whole.Length] * scale;
        var back = WavFile.Read(In("b.wav"));
        Assert.Equal((24000, 1), (back.SampleRate, back.ChannelCount));
        Golden.GoldenFile.AssertClose(decoded, tensor(back.Channel(0)), 2e-5, "decoded, to 16 bits");
    }

    [Fact]
    public void CodesAreTheSameInBothContainers()
    {
        Write(16000, 1, 100000);
        Encode("a.ecdc", 0.9);
        Encode("a.safetensors", 0.9);
        var codes = SafeTensors.Read(In("a.safetensors"))["codes"]; // (3, frames)
        Assert.Equal([3, (150000 + 319) / 320], codes.shape);
        Assert.Equal(ScalarType.Int32, codes.dtype);
        Assert.True(codes.max().ToInt32() is > 0 and < 16);

        SoundFileDecoder.Decode(codec, In("a.ecdc"), In("a.wav"), 16000);
        SoundFileDecoder.Decode(codec, In("a.safetensors"), In("b.wav"), 16000);
        Assert.Equal(100000, WavFile.Read(In("a.wav")).Length);
        Assert.Equal(File.ReadAllBytes(In("a.wav")), File.ReadAllBytes(In("b.wav")));
    }

    [Fact]
    public void AChosenChannelIsThatChannel()
    {
        var wave = Write(24000, 2, 5000);
        SoundFileEncoder.Encode(codec, In("in.wav"), In("a.ecdc"), 0.9, channel: 1);
        WavFile.Write(In("in.wav"), Waveform.Mono(wave.Channel(1), 24000), WavEncoding.Float32);
        Encode("b.ecdc", 0.9);
        Assert.Equal(File.ReadAllBytes(In("a.ecdc")), File.ReadAllBytes(In("b.ecdc")));
    }

    [Fact]
    public void WhatCannotBeEncodedIsRefused()
    {
        Write(24000, 3, 100);
        Refused("no such WAV file", () => SoundFileEncoder.Encode(codec, In("none.wav"), In("a.ecdc"), 0.9));
        Refused("serves 0.3, 0.9", () => Encode("a.ecdc", 7));
        Refused("write latents to a .safetensors", () => Encode("a.ecdc", null));
        Refused("a.mp3: encoded sound is kept in .ecdc or .safetensors", () => Encode("a.mp3", 0.9));
        Refused("has 3 channels, counted from 0; there is no channel 3", () => SoundFileEncoder.Encode(codec, In("in.wav"), In("a.ecdc"), 0.9, channel: 3));
        WavFile.Write(In("in.wav"), Waveform.Mono([0.1f, float.NaN], 24000), WavEncoding.Float32);
        Refused("NaN or infinite", () => Encode("a.ecdc", 0.9));
        WavFile.Write(In("in.wav"), Waveform.Mono([], 24000));
        Refused("has no samples", () => Encode("a.ecdc", 0.9));
        WavFile.Write(In("in.wav"), Waveform.Mono(new float[100], 1999993));
        Refused("resample with another program first", () => Encode("a.ecdc", 0.9));
        Assert.Equal(["codec", "in.wav"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WhatCannotBeDecodedIsRefused()
    {
        Write(24000, 1, 5000);
        Encode("a.ecdc", 0.9);
        Encode("a.safetensors", 0.9);
        Refused("no such file", () => Decode("none.ecdc"));
        Refused("in.wav: encoded sound is kept in", () => Decode("in.wav"));
        Refused("name one", () => SoundFileDecoder.Decode(codec, In("a.ecdc"), In("b.ecdc")));
        Refused("a sample rate of 0 Hz", () => SoundFileDecoder.Decode(codec, In("a.ecdc"), In("b.wav"), 0));

        using var other = NamedCodec.Load(WriteCodec("other", codebookScale: 0.5f));
        Refused($"encoded by the model \"{codec.Name}\"", () => SoundFileDecoder.Decode(other, In("a.ecdc"), In("b.wav")));
        Refused($"encoded by the model \"{codec.Name}\"", () => SoundFileDecoder.Decode(other, In("a.safetensors"), In("b.wav")));

        var good = SafeTensors.Read(In("a.safetensors"));
        var metadata = SafeTensors.ReadMetadata(In("a.safetensors"));
        Rewritten("entries 0 to 15", "codes", good["codes"] + 16);
        Rewritten("holds the code -1", "codes", good["codes"] * 0 - 1);
        Rewritten("[3, 15], " + codec.Name + " needs [1 to 3, 16]", "codes", good["codes"][.., ..15]);
        Rewritten("codes are integers", "codes", good["codes"].to(ScalarType.Float32));
        Rewritten("'scales' [1] is missing", "scales", zeros(2));
        Rewritten("has the scale NaN", "scales", full(1, float.NaN));
        SafeTensors.Write(In("bad.safetensors"), good);
        Refused("lacks 'codec' or 'samples'", () => Decode("bad.safetensors"));
        SafeTensors.Write(In("bad.safetensors"), new Dictionary<string, Tensor> { ["x"] = zeros(1) }, metadata);
        Refused("neither a tensor 'codes' nor 'latents'", () => Decode("bad.safetensors"));
        Assert.False(File.Exists(In("b.wav")));

        void Rewritten(string reason, string name, Tensor tensor)
        {
            SafeTensors.Write(In("bad.safetensors"), new Dictionary<string, Tensor>(good) { [name] = tensor }, metadata);
            Refused(reason, () => Decode("bad.safetensors"));
        }
    }

    private EncodedSound Encode(string name, double? bandwidth) => SoundFileEncoder.Encode(codec, In("in.wav"), In(name), bandwidth);

    private EncodedSound Decode(string name) => SoundFileDecoder.Decode(codec, In(name), In("b.wav"));

    private Waveform Write(int rate, int channels, int length)
    {
        var wave = new Waveform([.. Enumerable.Range(0, channels).Select(c => Golden.Formula.Values($"wave.{c}", length))], rate);
        foreach (var channel in wave.Channels)
            for (var i = 0; i < length; i++) channel[i] *= 0.3f;
        WavFile.Write(In("in.wav"), wave, WavEncoding.Float32);
        return wave;
    }

    /// <summary>A lapped transform whose codebooks hold something.</summary>
    private string WriteCodec(string name, float codebookScale)
    {
        var path = TinyNetworks.WriteCodec(In(name));
        FormulaCodec.FillCodebooks(path, codebookScale);
        return path;
    }

    private static void Refused(string reason, Action act) => Assert.Contains(reason, Assert.Throws<BadInputException>(act).Message, StringComparison.Ordinal);

    private string In(string name) => Path.Combine(folder, name);
}

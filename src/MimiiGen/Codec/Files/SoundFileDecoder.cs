using MimiiGen.Audio;
using MimiiGen.Codec.Streaming;
using TorchSharp;

namespace MimiiGen.Codec.Files;

/// <summary>Decodes files of encoded sound into WAV files, a few seconds in memory at a time.</summary>
public static class SoundFileDecoder
{
    /// <summary>Decodes an <c>.ecdc</c> file, or a <c>.safetensors</c> file of codes or latents.</summary>
    /// <param name="codec">The codec that encoded it.</param>
    /// <param name="source">The encoded file.</param>
    /// <param name="wav">The WAV file to write, aside and then renamed; 16 bits.</param>
    /// <param name="sampleRate">Its rate in Hz; none: the codec's.</param>
    /// <param name="warn">Told what the user should know and that is no failure.</param>
    /// <param name="progress">In seconds of sound.</param>
    /// <param name="stop">Checked between blocks.</param>
    /// <exception cref="BadInputException">The file is none of these, is cut or damaged, or was made by another codec.</exception>
    public static EncodedSound Decode(
        NamedCodec codec, string source, string wav, int? sampleRate = null, Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!wav.EndsWith(".wav", StringComparison.OrdinalIgnoreCase)) throw new BadInputException($"{wav}: sound is decoded into a .wav file; name one");
        if (sampleRate < 1) throw new BadInputException($"a sample rate of {sampleRate} Hz: give 1 or more; 16000 is usual");
        var config = codec.Model.Config;
        using var file = SoundContainers.Of(source) == SoundContainer.Ecdc ? EcdcFile.Open(source, codec) : EncodedTensors.Open(source, codec);
        if (file.TrailingBytes > 0) warn?.Invoke($"{source}: {file.TrailingBytes} bytes behind its end are passed over");
        var seconds = (double)file.Samples / config.SamplingRate;
        var latents = file.Codebooks is not null ? StreamDecoder.Dequantize(codec.Model, Known(file.Parts, config.CodebookSize, source)) : file.Parts;
        var rate = sampleRate ?? config.SamplingRate;
        var length = KaiserResampler.LengthAfter(file.Samples, config.SamplingRate, rate);
        var blocks = KaiserResampler.Steep.Resample(StreamDecoder.Decode(codec.Model, latents, file.Samples), rate);
        blocks = Watched(blocks, done => progress?.Report(new WorkProgress("decoding", done * seconds / length, seconds)), stop);
        WavFile.Write(wav, blocks, config.AudioChannels, rate, length);
        return new EncodedSound(codec.Name, seconds, new Segments(config, file.Samples).TotalFrames, file.Codebooks, new FileInfo(wav).Length);
    }

    /// <summary>Refuses codes that no codebook has an entry for.</summary>
    private static IEnumerable<EncodedPart> Known(IEnumerable<EncodedPart> codes, int entries, string path)
    {
        foreach (var part in codes)
        {
            var (lowest, highest) = (part.Frames.min().ToInt64(), part.Frames.max().ToInt64());
            if (lowest < 0 || highest >= entries) throw new BadInputException($"{path}: holds the code {(lowest < 0 ? lowest : highest)}, but a codebook has the entries 0 to {entries - 1}");
            yield return part;
        }
    }

    private static IEnumerable<Waveform> Watched(IEnumerable<Waveform> blocks, Action<long> done, CancellationToken stop)
    {
        long samples = 0;
        foreach (var block in blocks)
        {
            stop.ThrowIfCancellationRequested();
            samples += block.Length;
            yield return block;
            done(samples);
        }
    }
}

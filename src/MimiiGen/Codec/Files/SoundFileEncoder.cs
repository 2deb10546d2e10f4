using MimiiGen.Audio;
using MimiiGen.Codec.Streaming;

namespace MimiiGen.Codec.Files;

/// <summary>Encodes WAV files of any rate and length, a few seconds in memory at a time.</summary>
public static class SoundFileEncoder
{
    private const double SecondsAtOnce = 5;

    /// <summary>Encodes a WAV file into <c>.ecdc</c> (codes) or <c>.safetensors</c> (codes or latents).</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="wav">The WAV file; it is brought to the codec's rate and channels.</param>
    /// <param name="target">The file to write, aside and then renamed.</param>
    /// <param name="bandwidth">In kbit/s, one of those that the codec serves; none: latents before quantisation.</param>
    /// <param name="channel">The channel to take, counted from 0; none: all, for a codec of one channel their mean.</param>
    /// <param name="warn">Told what the user should know and that is no failure.</param>
    /// <param name="progress">In seconds of sound.</param>
    /// <param name="stop">Checked between blocks.</param>
    /// <exception cref="BadInputException">The WAV file can't be read or encoded, or the target's name ends otherwise.</exception>
    public static EncodedSound Encode(
        NamedCodec codec, string wav, string target, double? bandwidth, int? channel = null, Action<string>? warn = null, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var config = codec.Model.Config;
        var container = SoundContainers.Of(target);
        if (bandwidth is null && container == SoundContainer.Ecdc) throw new BadInputException($"{target}: .ecdc holds codes; write latents to a .safetensors file");
        int? codebooks = bandwidth is { } rate ? config.QuantizersFor(rate) : null;
        var info = WavFile.ReadInfo(wav);
        if (info.Frames == 0) throw new BadInputException($"{wav} has no samples");
        if (info.Truncated) warn?.Invoke($"{wav} ends before its header says; what is there is encoded");
        var mix = new ChannelMix(wav, info.Channels, config.AudioChannels, channel);
        var samples = KaiserResampler.LengthAfter(info.Frames, info.SampleRate, config.SamplingRate);
        var seconds = (double)samples / config.SamplingRate;
        var blocks = KaiserResampler.Steep.Resample(
            WavFile.ReadBlocks(wav, Math.Max(1, (int)(SecondsAtOnce * info.SampleRate))).Select(mix.Apply), config.SamplingRate);
        var parts = StreamEncoder.Encode(codec.Model, blocks);
        if (codebooks is { } count) parts = StreamEncoder.Quantize(codec.Model, parts, count);
        var frames = new Segments(config, samples).TotalFrames;
        parts = Watched(parts, done => progress?.Report(new WorkProgress("encoding", done * seconds / frames, seconds)), stop);
        if (container == SoundContainer.Ecdc) EcdcFile.Write(target, codec, samples, codebooks!.Value, parts);
        else EncodedTensors.Write(target, codec, samples, codebooks, parts);
        return new EncodedSound(codec.Name, seconds, frames, codebooks, new FileInfo(target).Length);
    }

    private static IEnumerable<EncodedPart> Watched(IEnumerable<EncodedPart> parts, Action<long> done, CancellationToken stop)
    {
        long frames = 0;
        foreach (var part in parts)
        {
            stop.ThrowIfCancellationRequested();
            frames += part.Count;
            yield return part;
            done(frames);
        }
    }
}

using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>Encodes a waveform of any length in blocks, in memory that doesn't grow with it.</summary>
internal static class StreamEncoder
{
    private const double SmallestScale = 1e-8;

    /// <summary>Latents of a waveform, equal to those of the whole to within rounding.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="blocks">Of the model's rate and channels; gone through twice where the whole is brought to one level.</param>
    public static IEnumerable<EncodedPart> Encode(EncodecModel model, IEnumerable<Waveform> blocks)
    {
        var config = model.Config;
        if (config.SegmentLength is { } length) return EncodeSegments(model, Divide(blocks, length, config.SegmentStride!.Value));
        return config.NormType == "time_group_norm" ? EncodeSegments(model, Divide(blocks, int.MaxValue, int.MaxValue)) : EncodeStream(model, blocks);
    }

    /// <summary>Latents as the codes of the first codebooks.</summary>
    public static IEnumerable<EncodedPart> Quantize(EncodecModel model, IEnumerable<EncodedPart> latents, int codebooks)
    {
        foreach (var part in latents)
            using (part.Frames)
                yield return part with { Frames = Codes(model, part.Frames, codebooks) };
    }

    private static IEnumerable<EncodedPart> EncodeStream(EncodecModel model, IEnumerable<Waveform> blocks)
    {
        float? scale = model.Config.EncodedRms is { } rms ? (float)((Rms(blocks) + SmallestScale) / rms) : null;
        using var stream = new StreamedStack(model.Encoder.Layers);
        foreach (var block in blocks)
            if (Feed(stream, model, block, scale) is { } latents)
                yield return new EncodedPart(latents, 0, scale);
        if (Feed(stream, model, null, scale) is { } rest) yield return new EncodedPart(rest, 0, scale);
    }

    private static IEnumerable<EncodedPart> EncodeSegments(EncodecModel model, IEnumerable<Waveform> segments)
    {
        long index = 0;
        foreach (var segment in segments) yield return EncodeSegment(model, segment, index++);
    }

    private static Tensor? Feed(StreamedStack stream, EncodecModel model, Waveform? block, float? scale)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (block is { Length: 0 }) return null;
        var input = block is null ? null : Samples(block, model); // (1, channels, length)
        return stream.Feed(scale is null ? input : input?.div(scale.Value), last: block is null)?[0].MoveToOuterDisposeScope(); // (hidden, frames)
    }

    private static EncodedPart EncodeSegment(EncodecModel model, Waveform segment, long index)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var input = Samples(segment, model); // (1, channels, length)
        float? scale = model.Config.EncodedRms is { } rms ? (float)((input.mean([1]).square().mean().sqrt() + SmallestScale).ToSingle() / rms) : null;
        var latents = model.Encode(scale is null ? input : input / scale.Value); // (1, hidden, frames)
        return new EncodedPart(latents[0].MoveToOuterDisposeScope(), index, scale);
    }

    private static Tensor Codes(EncodecModel model, Tensor latents, int codebooks)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return model.Quantizer.Encode(latents.unsqueeze(0), codebooks).squeeze(1).MoveToOuterDisposeScope(); // (codebooks, frames)
    }

    private static Tensor Samples(Waveform block, EncodecModel model) =>
        stack(block.Channels.Select(c => tensor(c))).unsqueeze(0).to(model.Device); // (1, channels, length)

    /// <summary>Rms of the mean of the channels.</summary>
    private static double Rms(IEnumerable<Waveform> blocks)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var block in blocks)
        {
            count += block.Length;
            for (var i = 0; i < block.Length; i++)
            {
                var mean = block.Channels.Sum(c => (double)c[i]) / block.ChannelCount;
                sum += mean * mean;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    /// <summary>Segments of a length, one at every stride; the last ones may be shorter.</summary>
    private static IEnumerable<Waveform> Divide(IEnumerable<Waveform> blocks, int length, int stride)
    {
        Waveform? kept = null;
        foreach (var block in blocks)
        {
            kept = kept is null ? block : new Waveform([.. kept.Channels.Zip(block.Channels, (a, b) => (float[])[.. a, .. b])], block.SampleRate);
            for (; kept.Length >= length; kept = Part(kept, stride, kept.Length - stride)) yield return Part(kept, 0, length);
        }

        for (; kept is { Length: > 0 }; kept = Part(kept, Math.Min(stride, kept.Length), Math.Max(0, kept.Length - stride)))
            yield return Part(kept, 0, Math.Min(length, kept.Length));
    }

    private static Waveform Part(Waveform whole, int start, int count) => new([.. whole.Channels.Select(c => c.AsSpan(start, count).ToArray())], whole.SampleRate);
}

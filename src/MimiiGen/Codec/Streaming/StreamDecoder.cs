using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Codec.Streaming;

/// <summary>Decodes latents that come in parts, in memory that doesn't grow with their number.</summary>
internal static class StreamDecoder
{
    /// <summary>The waveform in blocks, equal to that of the whole to within rounding, cut to its length.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="latents">(hidden, frames) each.</param>
    /// <param name="samples">Length of the waveform that was encoded.</param>
    public static IEnumerable<Waveform> Decode(EncodecModel model, IEnumerable<EncodedPart> latents, long samples)
    {
        var whole = model.Config.SegmentLength is not null || model.Config.NormType == "time_group_norm";
        var left = samples;
        foreach (var block in whole ? DecodeSegments(model, latents) : DecodeStream(model, latents))
        {
            var count = (int)Math.Min(left, block.Length);
            left -= count;
            yield return count == block.Length ? block : new Waveform([.. block.Channels.Select(c => c[..count])], block.SampleRate);
        }
    }

    /// <summary>Codes as latents: the sums of the codebooks' entries.</summary>
    public static IEnumerable<EncodedPart> Dequantize(EncodecModel model, IEnumerable<EncodedPart> codes)
    {
        foreach (var part in codes)
            using (part.Frames)
                yield return part with { Frames = Latents(model, part.Frames) };
    }

    private static IEnumerable<Waveform> DecodeStream(EncodecModel model, IEnumerable<EncodedPart> latents)
    {
        using var stream = new StreamedStack(model.Decoder.Layers);
        float? scale = null;
        foreach (var part in latents)
            using (part.Frames)
                if (Feed(stream, model, part.Frames, scale = part.Scale) is { } block)
                    yield return block;
        if (Feed(stream, model, null, scale) is { } rest) yield return rest;
    }

    private static IEnumerable<Waveform> DecodeSegments(EncodecModel model, IEnumerable<EncodedPart> latents)
    {
        using var fade = new CrossFade(model.Config.SegmentStride);
        foreach (var part in latents)
            using (part.Frames)
                if (DecodeSegment(model, part, fade) is { } block)
                    yield return block;
        using var rest = fade.Rest();
        if (rest is not null) yield return Block(rest, model);
    }

    private static Waveform? Feed(StreamedStack stream, EncodecModel model, Tensor? latents, float? scale)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var samples = stream.Feed(latents?.unsqueeze(0).to(model.Device), last: latents is null); // (1, channels, length)
        return samples is null ? null : Block(scale is null ? samples[0] : samples[0] * scale.Value, model);
    }

    private static Waveform? DecodeSegment(EncodecModel model, EncodedPart part, CrossFade fade)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var samples = model.Decode(part.Frames.unsqueeze(0).to(model.Device))[0]; // (channels, length)
        var certain = fade.Add(part.Scale is null ? samples : samples * part.Scale.Value);
        return certain is null ? null : Block(certain, model);
    }

    private static Tensor Latents(EncodecModel model, Tensor codes)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return model.Dequantize(codes.unsqueeze(1).to(model.Device))[0].MoveToOuterDisposeScope(); // (hidden, frames)
    }

    /// <summary>(channels, length) as a waveform.</summary>
    private static Waveform Block(Tensor samples, EncodecModel model)
    {
        using var scope = NewDisposeScope();
        var there = samples.cpu().contiguous();
        return new Waveform([.. Enumerable.Range(0, model.Config.AudioChannels).Select(c => there[c].data<float>().ToArray())], model.Config.SamplingRate);
    }
}

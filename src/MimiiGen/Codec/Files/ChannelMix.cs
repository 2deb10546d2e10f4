using MimiiGen.Audio;

namespace MimiiGen.Codec.Files;

/// <summary>Brings a recording to the channels of a codec, as the encodec package does: one is the mean of all, and one serves for several.</summary>
internal sealed class ChannelMix
{
    private readonly string path;
    private readonly int wanted;
    private readonly int? chosen;

    /// <param name="path">Named in refusals.</param>
    /// <param name="present">Channels of the recording.</param>
    /// <param name="wanted">Channels of the codec.</param>
    /// <param name="chosen">The channel to take, counted from 0; none: all.</param>
    /// <exception cref="BadInputException">There is no such channel, or several can't become several others.</exception>
    public ChannelMix(string path, int present, int wanted, int? chosen)
    {
        (this.path, this.wanted, this.chosen) = (path, wanted, chosen ?? (present == 1 ? 0 : null));
        if (chosen < 0 || chosen >= present) throw new BadInputException($"{path} has {present} channels, counted from 0; there is no channel {chosen}");
        if (this.chosen is null && wanted != 1 && wanted != present) throw new BadInputException($"{path} has {present} channels, the codec {wanted}; choose one with --channel");
    }

    /// <summary>One block of the recording.</summary>
    /// <exception cref="BadInputException">A sample is NaN or infinite.</exception>
    public Waveform Apply(Waveform block)
    {
        var channels = chosen is { } one ? [.. Enumerable.Repeat(block.Channel(one), wanted)]
            : wanted == block.ChannelCount ? block.Channels
            : [Mean(block)];
        if (channels.Any(c => !Array.TrueForAll(c, float.IsFinite))) throw new BadInputException($"{path} has samples that are NaN or infinite; export it again from its source");
        return new Waveform(channels, block.SampleRate);
    }

    private static float[] Mean(Waveform block)
    {
        var mean = new float[block.Length];
        foreach (var channel in block.Channels)
            for (var i = 0; i < mean.Length; i++) mean[i] += channel[i] / block.ChannelCount;
        return mean;
    }
}

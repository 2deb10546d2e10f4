using MimiiGen.Audio;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Audio;

/// <summary>Files and rates of waveforms that come in blocks: the same as of the whole, bit for bit.</summary>
public sealed class BlockwiseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("blockwise").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(16000, 24000, 20001)]
    [InlineData(44100, 24000, 20001)]
    [InlineData(24000, 16000, 100)]
    [InlineData(24000, 24000, 3000)]
    [InlineData(8000, 48000, 1)]
    public void ResampledBlocksAreTheResampledWhole(int from, int to, int length)
    {
        var whole = Wave(from, length);
        var expected = KaiserResampler.Steep.Resample(whole, to);
        foreach (var block in new[] { 1 + (length / 100), 777, length })
        {
            var blocks = KaiserResampler.Steep.Resample(Cut(whole, block), to).ToArray();
            Assert.All(blocks, b => Assert.Equal(to, b.SampleRate));
            for (var c = 0; c < 2; c++) Assert.Equal(expected.Channel(c), blocks.SelectMany(b => b.Channel(c)));
        }

        Assert.Equal(expected.Length, KaiserResampler.LengthAfter(length, from, to));
    }

    [Theory]
    [InlineData(WavEncoding.Pcm16)]
    [InlineData(WavEncoding.Pcm24)]
    [InlineData(WavEncoding.Float32)]
    public void BlocksOfAFileAreTheFile(WavEncoding encoding)
    {
        var whole = Wave(16000, 40001);
        WavFile.Write(In("whole.wav"), whole, encoding);
        WavFile.Write(In("blocks.wav"), Cut(whole, 1234), 2, 16000, 40001, encoding);
        Assert.Equal(File.ReadAllBytes(In("whole.wav")), File.ReadAllBytes(In("blocks.wav")));

        var blocks = WavFile.ReadBlocks(In("whole.wav"), 9999).ToArray();
        Assert.Equal([9999, 9999, 9999, 9999, 5], blocks.Select(b => b.Length));
        Assert.Equal(WavFile.Read(In("whole.wav")).Channel(1), blocks.SelectMany(b => b.Channel(1)));
    }

    [Fact]
    public void TooFewBlocksLeaveNoFile()
    {
        Assert.Throws<ArgumentException>(() => WavFile.Write(In("a.wav"), [Wave(16000, 10)], 2, 16000, 11));
        Assert.Throws<ArgumentException>(() => WavFile.Write(In("a.wav"), [Wave(8000, 10)], 2, 16000, 10));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static Waveform Wave(int rate, int length) => new([Formula.Values("left", length), Formula.Values("right", length)], rate);

    private static IEnumerable<Waveform> Cut(Waveform whole, int length)
    {
        for (var at = 0; at < whole.Length; at += length)
            yield return new Waveform([.. whole.Channels.Select(c => c[at..Math.Min(whole.Length, at + length)])], whole.SampleRate);
    }

    private string In(string name) => Path.Combine(folder, name);
}

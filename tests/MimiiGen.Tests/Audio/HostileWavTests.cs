using MimiiGen.Audio;
using MimiiGen.Tests.Golden;

namespace MimiiGen.Tests.Audio;

/// <summary>Whatever bytes a file holds, reading it ends in samples or in one line that refuses it.</summary>
public sealed class HostileWavTests
{
    private static readonly string[] Files = Directory.GetFiles(GoldenFile.PathOf("audio/wav"));

    [Fact]
    public void EveryBeginningOfEveryFileIsReadOrRefused()
    {
        foreach (var bytes in Files.Select(File.ReadAllBytes))
            for (var length = 0; length < bytes.Length; length++)
                ReadOrRefuse(bytes[..length]);
    }

    [Fact]
    public void FilesWithWrongBytesAreReadOrRefused()
    {
        var random = new Random(1);
        foreach (var bytes in Files.Select(File.ReadAllBytes).Where(b => b.Length > 0))
        {
            for (var round = 0; round < 300; round++)
            {
                var copy = (byte[])bytes.Clone();
                for (var n = random.Next(1, 5); n > 0; n--)
                    copy[random.Next(Math.Min(copy.Length, 120))] = (byte)random.Next(256);
                ReadOrRefuse(copy);
            }
        }
    }

    private static void ReadOrRefuse(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        try
        {
            var header = WavHeader.Read(stream, "hostile.wav");
            Assert.True(header.Frames * header.Format.BlockAlign <= bytes.Length);
            stream.Position = header.DataStart;
            WavDecoder.Decode(stream, header.Format, (int)header.Frames);
        }
        catch (BadInputException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }
}

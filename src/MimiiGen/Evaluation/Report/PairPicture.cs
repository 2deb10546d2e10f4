using MimiiGen.Audio;
using MimiiGen.Checkpoints;

namespace MimiiGen.Evaluation.Report;

/// <summary>Spectrograms of pairs as one PNG for pages that show no HTML: a row a pair, real on the left, generated on the right.</summary>
public static class PairPicture
{
    private const int Gap = 16;

    /// <summary>Writes the picture; 0 Hz is at the bottom, half the sample rate at the top, both pictures of a row share one scale of colours.</summary>
    /// <param name="path">The PNG file to write.</param>
    /// <param name="folder">What relative paths of the pairs start from.</param>
    /// <param name="pairs">One pair at the least, all of clips long enough for pictures of one width.</param>
    /// <exception cref="BadInputException">A clip can't be read or is too short.</exception>
    public static void Write(string path, string folder, IReadOnlyList<ClipPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var rows = new List<byte[]>();
        foreach (var pair in pairs)
        {
            var real = Spectrogram.Of(WavFile.Read(Path.Combine(folder, pair.Real)));
            var generated = Spectrogram.Of(WavFile.Read(Path.Combine(folder, pair.Generated)));
            var top = Math.Max(real.LoudestDb, generated.LoudestDb);
            if (rows.Count > 0) rows.AddRange(Enumerable.Repeat(White(rows[0].Length), Gap));
            rows.AddRange(real.Pixels(top).Zip(generated.Pixels(top), (left, right) => (byte[])[.. left, .. White(Gap), .. right]));
        }

        var png = IndexedPng.Encode([.. rows], ColourMap.Palette());
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    private static byte[] White(int width) => [.. Enumerable.Repeat(ColourMap.White, width)];
}

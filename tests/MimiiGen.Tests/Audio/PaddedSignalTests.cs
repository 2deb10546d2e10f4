using MimiiGen.Audio;

namespace MimiiGen.Tests.Audio;

public sealed unsafe class PaddedSignalTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 0.97)]
    [InlineData(true, 0.97)]
    public void EveryStretchIsThatOfTheWholeSignal(bool mirrored, double preemphasis)
    {
        const int Beyond = 20;
        var samples = Enumerable.Range(0, 67).Select(n => (float)Math.Sin(n * n)).ToArray();
        double[] filtered = [.. Enumerable.Range(0, preemphasis > 0 ? 66 : 67).Select(n => preemphasis > 0 ? samples[n + 1] - (preemphasis * samples[n]) : samples[n])];
        double[] whole = [.. Enumerable.Range(-Beyond, filtered.Length + (2 * Beyond)).Select(n => n < 0 ? Outside(-n) : n < filtered.Length ? filtered[n] : Outside((2 * (filtered.Length - 1)) - n))];

        fixed (float* first = samples)
        {
            var signal = new PaddedSignal(first, samples.Length, mirrored, preemphasis);
            for (var begin = 0; begin < whole.Length; begin += 3)
                foreach (var length in new[] { 1, 8, 30, whole.Length }.Select(l => Math.Min(l, whole.Length - begin)))
                {
                    var stretch = new double[length];
                    signal.Read(begin - Beyond, stretch);
                    Assert.Equal(whole[begin..(begin + length)], stretch);
                }
        }

        double Outside(int image) => mirrored ? filtered[image] : 0;
    }
}

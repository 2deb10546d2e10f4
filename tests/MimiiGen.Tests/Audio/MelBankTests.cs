using System.Globalization;
using MimiiGen.Audio;
using MimiiGen.Tests.Golden;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Audio;

public sealed class MelBankTests
{
    public static TheoryData<string> Banks =>
        [.. GoldenFile.Json("audio/audio.json").GetProperty("mel_banks").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Banks))]
    public void MatchesTheReference(string name)
    {
        using var scope = NewDisposeScope();
        var settings = GoldenFile.Json("audio/audio.json").GetProperty("mel_banks").GetProperty(name);
        var golden = GoldenFile.Tensors("audio/mel-banks.safetensors");
        var start = golden[name + ".start"].data<long>().ToArray();
        var count = golden[name + ".count"].data<long>().ToArray();
        var values = golden[name + ".values"].data<double>().ToArray();

        var bank = Make(name);

        Assert.Equal(settings.GetProperty("shape")[0].GetInt32(), bank.GetLength(0));
        var next = 0;
        for (var m = 0; m < bank.GetLength(0); m++)
        {
            for (var k = 0; k < bank.GetLength(1); k++)
            {
                var inside = start[m] >= 0 && k >= start[m] && k < start[m] + count[m];
                Assert.Equal(inside ? values[next++] : 0, bank[m, k], 1e-12);
            }
        }

        Assert.Equal(values.Length, next);
    }

    /// <summary>The names tell the settings: sr16000_n1024_m128_0-8000_slaney_area.</summary>
    private static double[,] Make(string name)
    {
        var parts = name.Split('_');
        var inMel = parts[0] is "kaldi" or "vggish";
        if (inMel) parts = parts[1..];
        var (rate, fft, mels) = (Number(parts[0][2..]), Number(parts[1][1..]), Number(parts[2][1..]));
        var edges = parts[3].Split('-').Select(Number).ToArray();
        return inMel
            ? MelBank.InMel(rate, fft, mels, edges[0], edges[1])
            : MelBank.InHertz(rate, fft, mels, edges[0], edges[1], parts[4] == "htk" ? MelScale.Htk : MelScale.Slaney, parts[5] == "area");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

using MimiiGen.Diffusion;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Experiments.Reporting;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Studies;

/// <summary>Into how many channels the latents are best cut.</summary>
internal sealed class ChannelsStudy() : Study(
    "channels",
    "One channel or sixteen?",
    "the latents as 1, 4, 8, 16 and 32 channels with equal parameters and equal training time, 16 interleaved too; 1 and 4 again with widths that cost as much a step as 16; attention at the innermost level alone",
    "training clips; the codec's latents must have a multiple of 32 rows",
    "a training from nothing of each arm with each seed",
    "Arms had equal time, so one that costs more a step has had fewer steps, and was stopped early: this tells what a small budget is best spent on, not what each would reach in the end.")
{
    private const int Paper = 16;

    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.Validation, Metric.BandError, Metric.AucDistance];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        var rows = data.Rows;
        if (rows % 32 != 0) throw new BadInputException($"{data.Options.Codec}: its latents have {rows} rows, which can't be cut into 32 channels; channels needs a multiple of 32");
        return
        [
            Equal(data, new LatentLayout(Paper, rows / Paper)) with { Kind = ArmKind.Reference },
            .. new[] { 1, 4, 8, 32 }.Select(channels => Equal(data, new LatentLayout(channels, rows / channels))),
            Equal(data, new LatentLayout(Paper, rows / Paper, Interleaved: true)),
            .. new[] { 1, 4 }.Select(channels => Narrow(data, new LatentLayout(channels, rows / channels))),
        ];
    }

    internal override IReadOnlyList<Table> Tables(StudyData data, IReadOnlyList<ArmRecord> records)
    {
        using var shared = new SharedParts(data, null, null, default);
        using var store = LatentStore.Read(shared.Latents());
        var variances = new RowVariances(store);
        LatentLayout[] layouts = [.. new[] { 1, 4, 8, 16, 32 }.Select(c => new LatentLayout(c, data.Rows / c)), new(Paper, data.Rows / Paper, Interleaved: true)];
        return
        [
            new Table(
                "Variance within and between channels before normalisation, and what normalisation by channel (the paper's) to 0 and 1 leaves; after normalisation by row (ours) every row has 1",
                ["layout", "variance within channels, before", "variance between channels' means, before", "channels' deviations, largest over smallest, before", "quietest row's variance, after", "largest over smallest deviation of a channel's rows, after"],
                [.. layouts.Select(l => (IReadOnlyList<string>)[Words(l), .. variances.Of(l).Select(v => $"{v:g3}")])]),
        ];
    }

    private static string Words(LatentLayout layout) => $"{layout.Channels} x {layout.Height}{(layout.Interleaved ? " interleaved" : "")}";

    private static Arm Equal(StudyData data, LatentLayout layout) => Of(Words(layout), "the same widths, trained as long", data, layout, data.Architecture.UNet.BlockOutChannels, equalTime: true);

    /// <summary>A layer's cost goes with rows times width squared, so widths go with the root of the rows; multiples of 8 at least.</summary>
    private static Arm Narrow(StudyData data, LatentLayout layout)
    {
        var scale = Math.Sqrt((double)data.Rows / Paper / layout.Height);
        int[] widths = [.. data.Architecture.UNet.BlockOutChannels.Select(w => Math.Max(8, (int)Math.Round(w * scale / 8) * 8))];
        return Of($"{Words(layout)} narrow", $"widths {string.Join('/', widths)}, which cost about as much a step as the reference", data, layout, widths, equalTime: false);
    }

    /// <summary>Attention's cost goes with the square of rows times frames: with it at more than the innermost level one channel of 128 rows would take a minute a clip.</summary>
    private static Arm Of(string name, string what, StudyData data, LatentLayout layout, IReadOnlyList<int> widths, bool equalTime)
    {
        var architecture = data.Architecture.On(layout);
        var network = architecture.UNet with
        {
            BlockOutChannels = widths,
            DownBlockTypes = [.. Enumerable.Repeat("DownBlock2D", widths.Count - 1), "CrossAttnDownBlock2D"],
            UpBlockTypes = ["CrossAttnUpBlock2D", .. Enumerable.Repeat("UpBlock2D", widths.Count - 1)],
            NormNumGroups = 8,
        };
        return new(name, what, new Generated { Recipe = new Recipe { Architecture = architecture with { UNet = network }, EqualTime = equalTime } });
    }
}

using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>The measures of one machine, each with its judgement and what it means in plain words.</summary>
internal static class MachineChecks
{
    /// <summary>The first check is the detector's own, on real clips.</summary>
    public static IReadOnlyList<Check> Of(MachineResult machine) =>
    [
        Detector(machine.Real.Auc),
        new("AUC, generated clips", Text(machine.Generated.Auc), "as real", null, "") { Interval = machine.Generated.Auc },
        new("AUC, real normals, generated anomalies", Text(machine.Mixed.Auc), "as real", null, "") { Interval = machine.Mixed.Auc },
        Difference(machine.AucDifference),
        Unchanged("Resampling alone", machine.Controls.ResamplingAuc, "real clips that were only resampled"),
        Unchanged("Codec round trip", machine.Controls.CodecRoundTripAuc, "real clips that went once through the codec"),
        new("Training normal clips", Text(machine.Controls.TrainingNormalAuc), "", null, "") { Interval = machine.Controls.TrainingNormalAuc },
        Unchanged("Generated normal clips", machine.Controls.GeneratedNormalAuc, "generated normal clips", FormattableString.Invariant($"; its own training clips: {machine.Controls.TrainingNormalAuc.Estimate:0.00}")),
        Spread(machine.SpreadRatio),
        Nearest(machine.NearestTraining),
        Copies(machine.NearestTraining.NearerShare, machine.Counts.RealNormal + machine.Counts.RealAnomaly),
        Level(machine.LevelErrorDb),
        Bands(machine),
        Variance(machine.Classes),
    ];

    private static Check Detector(Interval auc)
    {
        var judgement = auc.Low > 0.5 ? Judgement.Good : auc.Estimate > 0.6 ? Judgement.Doubtful : Judgement.Bad;
        return new("AUC, real clips", Text(auc), "above 0.5", judgement, judgement switch
        {
            Judgement.Good => "The detector hears the real anomalies.",
            Judgement.Doubtful => "The detector seems to hear the real anomalies, but with so few clips it may be chance.",
            _ => "The detector doesn't hear the real anomalies, so its agreement on generated clips proves nothing.",
        })
        { Interval = auc };
    }

    private static Check Difference(Interval difference)
    {
        var size = Math.Abs(difference.Estimate);
        var judgement = size <= 0.05 ? Judgement.Good : size <= 0.1 || Holds(difference, 0) ? Judgement.Doubtful : Judgement.Bad;
        return new("AUC difference", Signed(difference), "0, within 0.05", judgement, judgement switch
        {
            Judgement.Good => "The AUC on generated clips is close to that on real ones.",
            Judgement.Doubtful => "The AUC on generated clips differs from that on real ones, by no more than chance may explain.",
            _ => "The AUC on generated clips differs from that on real ones by more than chance explains.",
        })
        { Decides = true, Interval = difference, Middle = 0 };
    }

    /// <summary>An AUC of real normal clips against clips that should sound just like them: 0.5 is right, both sides are wrong.</summary>
    private static Check Unchanged(string name, Interval auc, string what, string beside = "")
    {
        var off = Math.Abs(auc.Estimate - 0.5);
        var judgement = off <= 0.1 ? Judgement.Good : off <= 0.2 || Holds(auc, 0.5) ? Judgement.Doubtful : Judgement.Bad;
        var value = string.Create(CultureInfo.InvariantCulture, $"AUC {auc.Estimate:0.00}{beside}");
        return new(name, Text(auc), "0.5, within 0.1", judgement, judgement switch
        {
            Judgement.Good => $"The detector can't tell {what} from real normal ones.",
            Judgement.Doubtful => $"The detector may tell {what} from real normal ones ({value}).",
            _ => $"The detector tells {what} from real normal ones ({value}).",
        })
        { Decides = true, Interval = auc };
    }

    private static Check Spread(double ratio)
    {
        var judgement = ratio is >= 0.75 and <= 1.33 ? Judgement.Good : ratio is >= 0.5 and <= 2 ? Judgement.Doubtful : Judgement.Bad;
        return new("Spread between clips", $"{ratio:0.00} of the real", "1, from 0.75 to 1.33", judgement, judgement == Judgement.Good
            ? "Generated clips of a class differ from each other as real ones do."
            : $"Generated clips of a class are {(ratio < 1 ? "more alike" : "less alike")} than real ones (spread {ratio:0.00} of the real).")
        { Decides = true };
    }

    /// <summary>Clips like the real ones would be nearer than all k of those in 1 of k + 1 cases; the share follows a beta distribution of 1 and k, whose 0.95 quantile is 1 - 0.05^(1/k).</summary>
    private static Check Copies(double share, int real)
    {
        var right = Math.Max(0.05, 1.0 / (real + 1));
        var judgement = share <= right ? Judgement.Good : share <= 1 - Math.Pow(0.05, 1.0 / real) ? Judgement.Doubtful : Judgement.Bad;
        var told = string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} % of the clips");
        return new("Nearer than any real clip", told, string.Create(CultureInfo.InvariantCulture, $"at most {100 * right:0.#} %"), judgement, judgement == Judgement.Good
            ? "Hardly a generated clip comes nearer to a training clip than unseen real ones do."
            : $"{told} that were generated come nearer to a training clip than any unseen real one does: they may be copies.")
        { Decides = true };
    }

    private static Check Nearest(NearestTraining nearest)
    {
        var judgement = nearest.Ratio is >= 0.8 and <= 1.25 ? Judgement.Good : nearest.Ratio is >= 0.5 and <= 2 ? Judgement.Doubtful : Judgement.Bad;
        return new("Nearest training clip", $"{nearest.Ratio:0.00} of the real distance", "1, from 0.8 to 1.25", judgement, (judgement, nearest.Ratio > 1) switch
        {
            (Judgement.Good, _) => "Generated clips keep as far from the training clips as unseen real ones do.",
            (Judgement.Doubtful, false) => "Generated clips come nearer to the training clips than unseen real ones do.",
            (Judgement.Doubtful, true) => "Generated clips lie farther from the training clips than unseen real ones do.",
            (_, false) => "Generated clips come so near to training clips that they are copies.",
            (_, true) => $"Generated clips lie far from anything real ({nearest.Ratio:0.0} times as far from the training clips as unseen real ones).",
        })
        { Decides = true };
    }

    private static Check Level(double error)
    {
        var judgement = Math.Abs(error) <= 1 ? Judgement.Good : Math.Abs(error) <= 3 ? Judgement.Doubtful : Judgement.Bad;
        return new("Level error", $"{error:+0.0;-0.0;0.0} dB", "0, within 1 dB", judgement, judgement == Judgement.Good
            ? "Generated clips are as loud as real ones."
            : $"Generated clips are {Math.Abs(error):0.0} dB {(error > 0 ? "louder" : "quieter")} than real ones.");
    }

    private static Check Bands(MachineResult machine)
    {
        var (of, (hertz, error)) = machine.Classes.SelectMany(c => c.BandErrorDb.Select(b => (c, b))).MaxBy(b => Math.Abs(b.b.Value));
        var training = of.Training is { } known && known.BandErrorDb.TryGetValue(hertz, out var theirs) ? $", that of the training clips by {theirs:+0.0;-0.0;0.0} dB" : "";
        var judgement = Math.Abs(error) <= 3 ? Judgement.Good : Math.Abs(error) <= 6 ? Judgement.Doubtful : Judgement.Bad;
        return new("Largest octave band error", $"{error:+0.0;-0.0;0.0} dB at {hertz} Hz", "0, within 3 dB", judgement, judgement == Judgement.Good
            ? "The spectrum is right in every octave band."
            : $"The octave band at {hertz} Hz of {of.Name} clips is off by {error:+0.0;-0.0;0.0} dB{training}.");
    }

    /// <summary>Of the class that does worse.</summary>
    private static Check Variance(IReadOnlyList<ClassResult> classes)
    {
        var worst = classes.MinBy(c => c.BandsAsVaried)!;
        var bands = worst.TimeVarianceRatio.Count;
        var share = worst.BandsAsVaried / (double)Math.Max(1, bands);
        var judgement = share >= 0.9 ? Judgement.Good : share >= 0.6 ? Judgement.Doubtful : Judgement.Bad;
        var training = worst.Training is { } known ? $" (training clips: in {known.BandsAsVaried})" : "";
        return new("Variance over time", $"{worst.BandsAsVaried} of {bands} mel bands", "90 % of them, within 20 %", judgement, judgement == Judgement.Good
            ? "Generated clips change over time as much as real ones do."
            : $"Generated {worst.Name} clips change over time as much as real ones do in {worst.BandsAsVaried} of {bands} mel bands only{training}.");
    }

    private static bool Holds(Interval interval, double value) => interval.Low <= value && value <= interval.High;

    private static string Text(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:0.000} ({i.Low:0.00} to {i.High:0.00})");

    private static string Signed(Interval i) =>
        string.Create(CultureInfo.InvariantCulture, $"{i.Estimate:+0.000;-0.000;0.000} ({i.Low:+0.00;-0.00;0.00} to {i.High:+0.00;-0.00;0.00})");
}

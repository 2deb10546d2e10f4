using System.Globalization;

namespace MimiiGen.Evaluation.Report;

/// <summary>
/// The verdict on generated clips, computed from the controls. A small difference between the AUCs is no proof by itself: clips that
/// are all alike, or sound processed, can reach it too. The bounds are conventions of this project, stated in each check.
/// </summary>
public sealed class Verdict
{
    private const int FewClips = 30;

    private Verdict(Answer answer, string headline, string explanation, IReadOnlyList<IReadOnlyList<Check>> checks, IReadOnlyList<string> paragraphs)
    {
        Paragraphs = paragraphs;
        Answer = answer;
        Headline = headline;
        Explanation = explanation;
        Checks = checks;
    }

    /// <summary>The verdict in one word.</summary>
    public Answer Answer { get; }

    /// <summary>The verdict in one sentence.</summary>
    public string Headline { get; }

    /// <summary>Why, in plain words.</summary>
    public string Explanation { get; }

    /// <summary>All measures, one list a machine, in the order of <see cref="EvaluationResult.Machines"/>.</summary>
    public IReadOnlyList<IReadOnlyList<Check>> Checks { get; }

    /// <summary>For each machine in plain words: may its clips stand in for real ones, and why.</summary>
    public IReadOnlyList<string> Paragraphs { get; }

    /// <summary>Judges a result.</summary>
    public static Verdict Of(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        IReadOnlyList<IReadOnlyList<Check>> checks = [.. result.Machines.Select(MachineChecks.Of)];
        var answers = checks.Select(AnswerOf).ToArray();
        var answer = answers.Contains(Answer.No) ? Answer.No
            : answers.Contains(Answer.CannotSay) ? Answer.CannotSay
            : answers.Contains(Answer.InPart) || answers.Length == 0 ? Answer.InPart
            : Answer.Yes;
        return new Verdict(answer, HeadlineOf(answer), ExplanationOf(result, checks), checks, [.. checks.Select((c, m) => ParagraphOf(result.Machines[m], c))]);
    }

    private static Answer AnswerOf(IReadOnlyList<Check> checks) =>
        checks.Any(c => c.Decides && c.Judgement == Judgement.Bad) ? Answer.No
        : checks[0].Judgement == Judgement.Bad ? Answer.CannotSay
        : checks.Any(c => c.Judgement is Judgement.Doubtful or Judgement.Bad) ? Answer.InPart
        : Answer.Yes;

    private static string HeadlineOf(Answer answer) => answer switch
    {
        Answer.Yes => "Yes: these clips may stand in for the real ones.",
        Answer.InPart => "In part: these clips may stand in for the real ones only with care.",
        Answer.No => "No: these clips can't stand in for the real ones.",
        _ => "It can't be said whether these clips may stand in for the real ones.",
    };

    private static string ParagraphOf(MachineResult machine, IReadOnlyList<Check> checks)
    {
        var worst = checks.Where(c => c.Judgement == Judgement.Bad).Concat(checks.Where(c => c.Judgement == Judgement.Doubtful)).Take(4).Select(c => c.Reason).ToArray();
        var sentences = new List<string> { HeadlineOf(AnswerOf(checks)) };
        sentences.AddRange(worst.Length == 0 ? ["Every control is as it should be."] : worst);
        var outcomes = machine.Detectors.Select(d => d.Outcome).OfType<DetectorOutcome>().ToArray();
        if (outcomes.Length > 1)
        {
            var agreeing = outcomes.Count(o => Math.Abs(o.AucDifference.Estimate) <= 0.05);
            sentences.Add($"Of {outcomes.Length} detectors {agreeing} {(agreeing == 1 ? "has" : "have")} an AUC on generated clips within 0.05 of that on real ones.");
        }

        return string.Join(' ', sentences);
    }

    private static string ExplanationOf(EvaluationResult result, IReadOnlyList<IReadOnlyList<Check>> checks)
    {
        var sentences = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"On generated clips the detector's AUC differs by {result.MeanAucDifference:0.000} from its AUC on real clips."),
        };
        for (var m = 0; m < checks.Count; m++)
        {
            var subject = checks.Count == 1 ? "" : $"{result.Machines[m].Machine} {result.Machines[m].Id}: ";
            var worst = checks[m].Where(c => c.Judgement == Judgement.Bad).ToArray();
            if (worst.Length == 0) worst = [.. checks[m].Where(c => c.Judgement == Judgement.Doubtful).Take(3)];
            sentences.AddRange(worst.Length == 0 ? [subject + "Every control is as it should be."] : worst.Select(c => subject + c.Reason));
        }

        if (result.DetectorAgreement is { } ranking)
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The order of the {ranking.Ranking.Count} detectors on generated clips is {Order(ranking.Kendall.Estimate)} that on real ones (Kendall {ranking.Kendall.Estimate:+0.00;-0.00;0.00}, {ranking.Kendall.Low:+0.00;-0.00;0.00} to {ranking.Kendall.High:+0.00;-0.00;0.00})."));

        var fewest = result.Machines.Count == 0 ? 0 : result.Machines.Min(m => Math.Min(m.Counts.RealNormal, m.Counts.RealAnomaly));
        if (fewest < FewClips) sentences.Add($"With {fewest} real test clips in the smallest class the intervals are wide: small differences can't be seen.");
        return string.Join(' ', sentences);
    }

    private static string Order(double kendall) => kendall switch
    {
        >= 0.99 => "exactly",
        >= 0.6 => "nearly",
        > 0.2 => "not quite",
        _ => "not",
    };
}

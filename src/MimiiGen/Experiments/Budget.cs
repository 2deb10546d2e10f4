using System.Globalization;

namespace MimiiGen.Experiments;

/// <summary>What a study may cost, and what that pays for.</summary>
public static class Budget
{
    /// <summary>Most gradient steps of a training, whatever the budget.</summary>
    public const int MostSteps = 20000;

    /// <summary>Fewest test clips of each class, whatever the budget: halves of them still have two.</summary>
    public const int FewestClips = 4;

    private const double ForClips = 0.4; // of the budget, where there is training too
    private const double ForBase = 0.4; // of what is left for training, where arms go on from a base
    private const double Safety = 0.9;

    /// <summary>Reads <c>90s</c>, <c>10m</c> or <c>2h</c>.</summary>
    /// <exception cref="BadInputException">It is none of these, or not above 0.</exception>
    public static TimeSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unit = text.Length > 1 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number * unit < TimeSpan.FromDays(365).TotalSeconds
            ? TimeSpan.FromSeconds(number * unit)
            : throw new BadInputException($"--budget {text}: give a time such as 90s, 10m or 2h");
    }

    /// <summary>Divides a budget over the arms: clips first, at most so much of it, the rest for equally long trainings of all.</summary>
    /// <param name="seconds">What is left of the budget.</param>
    /// <param name="arms">Of each arm the seconds of a gradient step (0: no training) and of a clip (0: none is made).</param>
    /// <param name="seeds">Times that each is run.</param>
    /// <param name="machines">Machines that are tested.</param>
    /// <param name="available">Test clips of each class that there are.</param>
    /// <param name="baseStep">Seconds of a step of the base; 0 where none has to be trained.</param>
    /// <param name="fewest">Gradient steps of a training, whatever the budget.</param>
    /// <returns>Steps of a training and of the base, and test clips of each machine and class.</returns>
    public static (int Steps, int BaseSteps, int Clips) Divide(double seconds, IReadOnlyList<(double Step, double Clip)> arms, int seeds, int machines, int available, double baseStep, int fewest)
    {
        ArgumentNullException.ThrowIfNull(arms);
        var training = seeds * arms.Sum(a => a.Step); // seconds of one more step in all trainings
        var making = 2.0 * machines * seeds * arms.Sum(a => a.Clip); // seconds of one more clip of each class
        var whole = Safety * seconds;
        var affordable = making == 0 ? available : whole * (training > 0 ? ForClips : 1) / making;
        var clips = (int)Math.Min(available, Math.Max(FewestClips, Math.Min(affordable, available)));
        if (training == 0) return (0, 0, clips);
        var left = Math.Max(0, whole - (clips * making));
        var forBase = baseStep > 0 ? ForBase * left : 0;
        return (Within((left - forBase) / training, fewest), baseStep > 0 ? Within(forBase / baseStep, fewest) : 0, clips);
    }

    private static int Within(double steps, int fewest) => (int)Math.Clamp(steps, fewest, MostSteps);
}

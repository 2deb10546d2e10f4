namespace MimiiGen.Optimization;

/// <summary>How the learning rate goes on after its warm-up.</summary>
public enum LearningRateShape
{
    /// <summary>Stays.</summary>
    Constant,

    /// <summary>Falls to 0 along half a cosine.</summary>
    Cosine,

    /// <summary>Falls to 0 along a line.</summary>
    Linear,
}

/// <summary>Learning rate by step: from 0 up to the base in the warm-up, then along the shape; as transformers' and diffusers' schedules.</summary>
/// <param name="Base">Highest learning rate.</param>
/// <param name="Shape">How it goes on.</param>
/// <param name="WarmUpSteps">Steps until the base is reached; with any, the first step has rate 0.</param>
/// <param name="TotalSteps">Step at which a falling rate reaches 0.</param>
public sealed record LearningRateSchedule(double Base, LearningRateShape Shape, long WarmUpSteps, long TotalSteps)
{
    /// <summary>Part of the base that a falling rate ends at instead of 0, 0 to 1.</summary>
    public double Floor { get; init; }

    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        if (step < WarmUpSteps) return Base * step / WarmUpSteps;
        var done = Math.Clamp((step - WarmUpSteps) / (double)Math.Max(1, TotalSteps - WarmUpSteps), 0, 1);
        return Shape switch
        {
            LearningRateShape.Cosine => Base * (Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * done)))),
            LearningRateShape.Linear => Base * (Floor + ((1 - Floor) * (1 - done))),
            _ => Base,
        };
    }
}

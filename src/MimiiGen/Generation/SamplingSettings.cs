namespace MimiiGen.Generation;

/// <summary>How clips are sampled; what is null is as the model's folder says.</summary>
/// <param name="Sampler">Class name of the sampler, as diffusers has it: DDIMScheduler and its like.</param>
/// <param name="Steps">Steps of the sampler, 1 to the steps of training.</param>
/// <param name="Guidance">Guidance scale: 1 for none.</param>
public sealed record SamplingSettings(string? Sampler = null, int? Steps = null, double? Guidance = null);

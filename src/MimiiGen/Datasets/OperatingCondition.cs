namespace MimiiGen.Datasets;

/// <summary>One operating condition of a clip beyond the common ones, such as velocity = 24 krpm.</summary>
/// <param name="Name">Its name as the dataset or the user spells it: <c>vel</c>, <c>velocity</c>, <c>oil_temperature</c>.</param>
/// <param name="Value">Its value as text, with the unit where one was given; empty for a condition that is only named.</param>
public readonly record struct OperatingCondition(string Name, string Value);

using System.Diagnostics.CodeAnalysis;

namespace MimiiGen.Tests.Training;

/// <summary>Tests that share one tiny model.</summary>
[CollectionDefinition(nameof(TrainingCollection))]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "a collection of tests")]
public sealed class TrainingCollection : ICollectionFixture<TinyModel>;

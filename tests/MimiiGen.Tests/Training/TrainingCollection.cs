using System.Diagnostics.CodeAnalysis;

namespace MimiiGen.Tests.Training;

/// <summary>Training draws weights and dropout from torch's own generator, which is one for the whole process: these tests run by themselves.</summary>
[CollectionDefinition(nameof(TrainingCollection), DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "a collection of tests")]
public sealed class TrainingCollection : ICollectionFixture<TinyModel>;

namespace MimiiGen.Tests.Runtime;

/// <summary>For tests that read what the whole process uses: no other test runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

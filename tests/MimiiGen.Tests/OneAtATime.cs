using Xunit.Sdk;
using Xunit.v3;

// torch has one seed and one thread pool for the whole process, some tests read the memory of all of it, and tests beside one another start
// collections of garbage while others are in native calls (see ConcurrentGarbageCollection in Directory.Build.props).
[assembly: Parallelization(Mode = ParallelMode.None)]

using Xunit.Sdk;
using Xunit.v3;

// torch has one seed and one thread pool for the whole process, and some tests read the memory of all of it.
[assembly: Parallelization(Mode = ParallelMode.None)]

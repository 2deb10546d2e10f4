using System.Runtime.CompilerServices;
using MimiiGen.Runtime;

namespace MimiiGen.Tests;

internal static class TestSetup
{
    [ModuleInitializer]
    internal static void LoadTorch() => NativeTorch.Prepare();
}

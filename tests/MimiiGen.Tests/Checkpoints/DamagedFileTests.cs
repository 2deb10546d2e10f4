using MimiiGen.Checkpoints;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Checkpoints;

/// <summary>Whatever bytes are damaged, a reader gives tensors or refuses in its own words; it never fails in another way.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("damaged").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("safetensors/all-dtypes.safetensors")]
    [InlineData("pytorch/zip-nested-state_dict.pt")]
    [InlineData("pytorch/zip-deflated.pt")]
    [InlineData("pytorch/zip-misc-objects.pt")]
    [InlineData("pytorch/zip-protocol4.pt")]
    [InlineData("pytorch/legacy-nested.pt")]
    [InlineData("pytorch/legacy-views.pt")]
    [InlineData("pytorch/legacy-protocol4.pt")]
    public void OneByteOfAnyKindIsSurvived(string name)
    {
        var whole = File.ReadAllBytes(GoldenFile.PathOf($"checkpoints/{name}"));
        var path = Path.Combine(folder, Path.GetFileName(name));
        var random = new Random(1);
        var refused = 0;
        for (var trial = 0; trial < 150; trial++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            using var scope = NewDisposeScope();
            try
            {
                foreach (var tensor in (name.EndsWith(".pt", StringComparison.Ordinal) ? PyTorchFile.ReadAll(path) : SafeTensors.Read(path)).Values)
                    Assert.False(tensor.IsInvalid);
            }
            catch (BadInputException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 149);
    }
}

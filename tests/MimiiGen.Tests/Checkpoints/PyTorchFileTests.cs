using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MimiiGen.Checkpoints;
using MimiiGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Checkpoints;

/// <summary>Files of torch.save: every valid one gives its tree and its tensors to the bit, every hostile or broken one is refused.</summary>
public sealed class PyTorchFileTests
{
    public static TheoryData<string> Valid => [.. GoldenFile.Json("checkpoints/pytorch.json").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Bad => [.. GoldenFile.Json("checkpoints/pytorch-bad.json").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void TensorsAreThoseOfTheReference(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Json("checkpoints/pytorch.json").GetProperty(name);
        var stored = GoldenFile.Tensors("checkpoints/pytorch-expected.safetensors");
        var source = golden.TryGetProperty("same_tensors_as", out var other) ? other.GetString()! : name;
        var expected = new Dictionary<string, JsonElement>();
        Tensors(golden.GetProperty("contents"), expected);

        var read = PyTorchFile.ReadAll(PathOf(name));

        Assert.Equal(expected.Keys.Select(k => Within(name, k)).Order(), read.Keys.Order());
        foreach (var (key, node) in expected)
        {
            var tensor = read[Within(name, key)];
            var wanted = stored[source + key[name.Length..]];
            Assert.Equal(wanted.dtype, tensor.dtype);
            Assert.Equal(Longs(node, "shape"), tensor.shape);
            Assert.Equal(Longs(node, "stride"), tensor.stride());
            Assert.True(wanted.bytes.SequenceEqual(tensor.contiguous().bytes), $"{key} differs");
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void TheRestOfTheTreeIsThatOfTheReference(string name)
    {
        using var archive = PyTorchArchive.Open(PathOf(name));
        AssertNode(GoldenFile.Json("checkpoints/pytorch.json").GetProperty(name).GetProperty("contents"), archive.Root, name);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void WhatIsHostileOrBrokenIsRefusedInOneLine(string name)
    {
        var path = GoldenFile.PathOf($"checkpoints/pytorch-bad/{name}");
        var message = Assert.Throws<BadInputException>(() => PyTorchFile.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("zip-os-system.pt", "posix.system")]
    [InlineData("legacy-os-system.pt", "posix.system")]
    [InlineData("zip-stack-global-protocol4.pt", ".system")]
    [InlineData("zip-eval.pt", "__builtin__.eval")]
    [InlineData("zip-getattr.pt", "__builtin__.getattr")]
    [InlineData("zip-whole-module.pt", "torch.nn.modules.linear.Linear")]
    [InlineData("zip-namespace.pt", "argparse.Namespace")]
    public void WhatAFileAsksForIsNamed(string name, string asked) =>
        Assert.Contains(
            asked,
            Assert.Throws<BadInputException>(() => PyTorchFile.Read(GoldenFile.PathOf($"checkpoints/pytorch-bad/{name}"))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("zip-nested-state_dict.pt", "0.weight")]
    [InlineData("legacy-nested.pt", "0.weight")]
    [InlineData("zip-nested-model.pt", "f32")]
    [InlineData("zip-nested-best_state.th", "f32")]
    [InlineData("zip-parameters.pt", "w")]
    public void WeightsAreFoundWithinWhatWrapsThem(string name, string tensor)
    {
        // no dispose scope around: the tensors belong to the caller
        var tensors = PyTorchFile.Read(PathOf(name));
        Assert.Contains(tensor, tensors.Keys);
        Assert.DoesNotContain(tensors.Keys, k => k.Contains('/', StringComparison.Ordinal));
        foreach (var value in tensors.Values)
        {
            Assert.False(value.IsInvalid);
            Assert.True(value.numel() >= 0);
            value.Dispose();
        }
    }

    [Theory]
    [InlineData("pytorch-numpy/zip.pt", "fc1.weight")]
    [InlineData("pytorch-numpy/legacy.pt", "fc1.weight")]
    [InlineData("pytorch-bad/zip-numpy-scalar.pt", "w")]
    public void NumbersOfNumpyBesideTheWeightsAreLeftWhereTheyAreAllowed(string name, string tensor)
    {
        using var scope = NewDisposeScope();
        var path = GoldenFile.PathOf($"checkpoints/{name}");

        Assert.Equal([tensor], PyTorchFile.Read(path, numbers: true).Keys);
        Assert.Contains("multiarray", Assert.Throws<BadInputException>(() => PyTorchFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void NothingElseIsAllowedWithThem(string name)
    {
        if (name is "zip-numpy-scalar.pt" or "zip-numpy-array.pt") return;
        Assert.Throws<BadInputException>(() => PyTorchFile.Read(GoldenFile.PathOf($"checkpoints/pytorch-bad/{name}"), numbers: true));
    }

    [Fact]
    public void NoTruncationIsReadBeyondItsEnd()
    {
        var folder = Directory.CreateTempSubdirectory("cut").FullName;
        foreach (var name in (string[])["legacy-nested.pt", "zip-tensor.pt"])
        {
            var whole = File.ReadAllBytes(PathOf(name));
            for (var length = 0; length < whole.Length; length += 7)
            {
                var path = Path.Combine(folder, name);
                File.WriteAllBytes(path, whole[..length]);
                Assert.Throws<BadInputException>(() => PyTorchFile.ReadAll(path));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void TensorsThatAreTiedShareMemory()
    {
        using var scope = NewDisposeScope();
        var tensors = PyTorchFile.Read(PathOf("zip-views.pt"));
        tensors["tied.a"].fill_(5);
        Assert.Equal(120, tensors["tied.b"].sum().ToDouble());
    }

    private static string PathOf(string name) => GoldenFile.PathOf($"checkpoints/pytorch/{name}");

    private static string Within(string file, string key) => key[file.Length..].TrimStart('/');

    private static long[] Longs(JsonElement node, string name) => [.. node.GetProperty(name).EnumerateArray().Select(v => v.GetInt64())];

    private static void Tensors(JsonElement node, Dictionary<string, JsonElement> found)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in node.EnumerateArray()) Tensors(child, found);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (node.TryGetProperty("tensor", out var name)) found[name.GetString()!] = node;
            foreach (var kind in (string[])["items", "list", "tuple"])
                if (node.TryGetProperty(kind, out var children))
                    Tensors(children, found);
        }
    }

    private static void AssertNode(JsonElement expected, object? node, string at)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Null: Assert.Null(node); return;
            case JsonValueKind.True or JsonValueKind.False: Assert.Equal(expected.GetBoolean(), node); return;
            case JsonValueKind.String: Assert.Equal(expected.GetString(), node); return;
            case JsonValueKind.Number when node is long whole: Assert.Equal(expected.GetInt64(), whole); return;
            case JsonValueKind.Number: Assert.Equal(expected.GetDouble(), Assert.IsType<double>(node)); return;
        }

        var kind = expected.EnumerateObject().First();
        switch (kind.Name)
        {
            case "dict":
                var dict = Assert.IsType<PickledDict>(node);
                Assert.Equal(kind.Value.GetString() == "OrderedDict", dict.Ordered);
                var items = expected.GetProperty("items");
                Assert.Equal(items.GetArrayLength(), dict.Items.Count);
                foreach (var (item, pair) in items.EnumerateArray().Zip(dict.Items))
                {
                    AssertNode(item[0], pair.Key, at);
                    AssertNode(item[1], pair.Value, $"{at}/{pair.Key}");
                }

                return;
            case "list": AssertAll(kind.Value, Assert.IsType<List<object?>>(node), at); return;
            case "tuple": AssertAll(kind.Value, Assert.IsType<object?[]>(node), at); return;
            case "set": AssertAll(kind.Value, Assert.IsType<PickledSet>(node).Items, at); return;
            case "int": Assert.Equal(BigInteger.Parse(kind.Value.GetString()!, CultureInfo.InvariantCulture), node); return;
            case "float": Assert.Equal(double.PositiveInfinity, node); return;
            case "bytes": Assert.Equal(kind.Value.GetString(), Convert.ToHexStringLower(Assert.IsType<byte[]>(node))); return;
            case "device": Assert.Equal(new PickledDevice(kind.Value.GetString()!), node); return;
            case "dtype": Assert.Equal(kind.Value.GetString(), "torch." + Assert.IsType<ElementType>(node).TorchName); return;
            case "Size": Assert.Equal(kind.Value.GetString(), $"torch.Size([{string.Join(", ", Assert.IsType<PickledSize>(node).Lengths)}])"); return;
            case "tensor":
                var tensor = Assert.IsType<PickledTensor>(node);
                Assert.Equal(expected.GetProperty("dtype").GetString(), tensor.Type.TorchName);
                Assert.Equal(expected.GetProperty("storage_offset").GetInt64(), tensor.Offset);
                Assert.Equal(expected.GetProperty("storage_bytes").GetInt64(), tensor.Storage.Bytes);
                return;
            default: Assert.Fail($"{at}: {kind.Name}"); return;
        }
    }

    private static void AssertAll(JsonElement expected, IReadOnlyCollection<object?> nodes, string at)
    {
        Assert.Equal(expected.GetArrayLength(), nodes.Count);
        foreach (var (child, node) in expected.EnumerateArray().Zip(nodes)) AssertNode(child, node, at);
    }
}

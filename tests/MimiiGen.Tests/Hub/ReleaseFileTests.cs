using MimiiGen.Hub;

namespace MimiiGen.Tests.Hub;

/// <summary>Weights that lie on no hub: the guarantees of a hub's, at an address of their own and in torch.hub's cache.</summary>
public sealed class ReleaseFileTests : IDisposable
{
    private const string Name = "hum-0a1b2c3d.pth";
    private const string Path = "/acme/hum/releases/download/v1/" + Name;

    private static readonly byte[] Weights = LoopbackHub.Bytes(300_000);

    private readonly string home = Directory.CreateTempSubdirectory("release").FullName;
    private readonly LoopbackHub host = new LoopbackHub().With(Name, Weights, large: true);

    private string Kept => System.IO.Path.Combine(home, "hub", "checkpoints", Name);

    public void Dispose()
    {
        host.Dispose();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task AReleaseIsFetchedThroughRedirectsIntoTheCacheOfTorchHub()
    {
        var pulled = await Pull();

        Assert.Equal(Weights, File.ReadAllBytes(Kept));
        Assert.Equal(Weights.Length, pulled.FetchedBytes);
        Assert.Equal([Name], pulled.Files);
        Assert.Equal(["hub " + Path, "storage /" + Name], host.Requests); // and no login came along
        Assert.Equal([Kept], Directory.GetFiles(home, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WhatTorchHubHasFetchedIsNotFetchedAgain()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Kept)!);
        File.WriteAllBytes(Kept, Weights);

        Assert.Equal(0, (await Pull()).FetchedBytes);
        Assert.Equal(0, (await Pull(offline: true)).FetchedBytes);
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task ABrokenConnectionIsGoneOnWithWhereItBroke()
    {
        host.Misbehave = (context, content, before) =>
        {
            if (before == 0) LoopbackHub.Send(context, content, 0, stopAfter: 100_000);
            return before == 0;
        };

        await Pull();

        Assert.Equal(Weights, File.ReadAllBytes(Kept));
        Assert.Contains($"storage /{Name} 100000-", host.Requests);
    }

    [Fact]
    public async Task AnotherContentThanPublishedIsThrownAway()
    {
        Assert.Contains("another hash", await Refused(() => Pull(sha256: new string('a', 64))), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(home, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WhatIsNotThereIsToldWithTheWayToMendIt()
    {
        var missing = await Refused(() => Pull("vggish-none.pth"));
        Assert.Contains("404", missing, StringComparison.Ordinal);
        Assert.Contains("--mirror", missing, StringComparison.Ordinal);
        Assert.Contains("offline", await Refused(() => Pull(offline: true)), StringComparison.Ordinal);
        Assert.Contains("leave --revision", await Refused(() => new ModelHub(Settings(false)).PullAsync("vggish", "v0.2")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vggish", "/harritaylor/torchvggish/releases/download/v0.1/vggish-10086976.pth")]
    [InlineData("panns-16k", "/records/3987831/files/Cnn14_16k_mAP=0.438.pth")]
    public async Task EveryNamedReleaseIsAskedForAtItsPlaceAndCheckedAgainstItsName(string name, string path)
    {
        var content = KnownModel.Of(name).Release!.Content;
        Assert.Equal(64, content.Hash.Length);
        if (content.Name.Split('-', '.') is [.., { Length: 8 } digits, "pth"]) Assert.StartsWith(digits, content.Hash, StringComparison.Ordinal);

        await Refused(() => new ModelHub(Settings(false)).PullAsync(name));

        Assert.Equal(["hub " + path], host.Requests);
    }

    [Fact]
    public void AReleaseIsFoundByItsNameAndVerified()
    {
        var cache = Settings(false).Cache;
        Assert.Null(cache.Fetched("vggish"));
        Directory.CreateDirectory(cache.ReleaseFolder);
        var path = System.IO.Path.Combine(cache.ReleaseFolder, "vggish-10086976.pth");
        using (var stream = File.Create(path)) stream.SetLength(KnownModel.Of("vggish").Release!.Content.Size); // as long as the published one, and all zeros

        Assert.Equal(path, cache.Resolve("vggish"));
        Assert.Empty(Assert.Single(CachedModel.Read(cache, verify: false)).Problems);
        Assert.Contains("damaged", Assert.Single(Assert.Single(CachedModel.Read(cache, verify: true, "vggish")).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void ShortNamesStandForThoseOfTheHub()
    {
        Assert.Equal("laion/clap-htsat-unfused", KnownModel.Of("clap").Name);
        Assert.Equal("acme/hum", KnownModel.Of("acme/hum").Name);
        Assert.Equal(KnownModel.All.Count, KnownModel.All.Select(m => m.Name).Distinct().Count());
    }

    private Task<PulledModel> Pull(string name = Name, string? sha256 = null, bool offline = false) =>
        new ModelHub(Settings(offline)) { FirstPause = TimeSpan.FromMilliseconds(10) }.PullAsync(
            "hum",
            new ReleaseFile($"https://releases.example.org{Path.Replace(Name, name, StringComparison.Ordinal)}", Weights.Length, sha256 ?? LoopbackHub.Sha256(Weights)),
            null,
            TestContext.Current.CancellationToken);

    private HubSettings Settings(bool offline) => new(null, offline, host.Address, name => name switch
    {
        "HF_HUB_CACHE" => System.IO.Path.Combine(home, "hf"),
        "TORCH_HOME" => home,
        "HF_TOKEN" => "secret-token",
        _ => null,
    });

    private static async Task<string> Refused(Func<Task> action)
    {
        var message = (await Assert.ThrowsAsync<BadInputException>(action)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        return message;
    }
}

using System.Text;
using MimiiGen.Hub;

namespace MimiiGen.Tests.Hub;

public sealed class ModelHubTests : IDisposable
{
    private static readonly byte[] Weights = LoopbackHub.Bytes(300_000);
    private static readonly byte[] Config = "{}"u8.ToArray();

    private readonly string cache = Directory.CreateTempSubdirectory("hub").FullName;
    private readonly LoopbackHub hub = new LoopbackHub().With("model.safetensors", Weights, large: true).With("config.json", Config);
    private readonly List<string> log = [];

    private string Home => Path.Combine(cache, "models--acme--hum");

    private string Blob => Path.Combine(Home, "blobs", LoopbackHub.Sha256(Weights));

    public void Dispose()
    {
        hub.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    [Fact]
    public async Task AModelIsKeptInTheLayoutThatOtherProgramsShare()
    {
        var pulled = await Pull();

        Assert.Equal(Path.Combine(Home, "snapshots", LoopbackHub.Commit), pulled.Folder);
        Assert.Equal(LoopbackHub.Commit, File.ReadAllText(Path.Combine(Home, "refs", "main")));
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")));
        Assert.Equal($"../../blobs/{LoopbackHub.Sha256(Weights)}", new FileInfo(Path.Combine(pulled.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal(Config, File.ReadAllBytes(Path.Combine(Home, "blobs", LoopbackHub.GitHash(Config))));
        Assert.Equal(Weights.Length + Config.Length, pulled.FetchedBytes);
        Assert.Equal(pulled.Folder, new HubCache(cache).Resolve(LoopbackHub.Model));
        Assert.Empty(Directory.GetFiles(cache, "*.incomplete", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WhatIsThereIsNotFetchedAgainWhoeverFetchedIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob)!);
        File.WriteAllBytes(Blob, Weights);

        Assert.Equal(Config.Length, (await Pull()).FetchedBytes);
        Assert.Equal(0, (await Pull()).FetchedBytes);
        Assert.DoesNotContain(hub.Requests, r => r.StartsWith("storage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SafetensorsComeBeforePicklesAndOtherFormsAreLeft()
    {
        hub.With("pytorch_model.bin", [1]).With("tf_model.h5", [2]).With("onnx/model.onnx", [3]).With("spiece.model", [4]).With("LICENSE", [5])
            .With("model.safetensors.index.json", [6]).With("pytorch_model.bin.index.json", [7]);

        Assert.Equal(
            ["LICENSE", "config.json", "model.safetensors", "model.safetensors.index.json", "spiece.model"],
            (await Pull()).Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PicklesAreTakenWhereThereIsNothingElseAndFilesByName()
    {
        using var old = new LoopbackHub().With("Cnn14_mAP=0.431.pth", Weights, large: true).With("other.pth", [1]).With("training_args.bin", [2]);

        Assert.Equal(["Cnn14_mAP=0.431.pth", "other.pth"], (await Pull(from: old)).Files);
        Assert.Equal(["Cnn14_mAP=0.431.pth"], (await Pull(from: old, files: ["Cnn14_mAP=0.431.pth"])).Files);
        Assert.Contains("no file 'x.pth'", await Refused(() => Pull(from: old, files: ["x.pth"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenConnectionIsGoneOnWithWhereItBroke()
    {
        hub.Misbehave = (context, content, before) =>
        {
            if (content.Length < 10 || before > 1) return false;
            var from = before * 100_000;
            LoopbackHub.Send(context, content, from, stopAfter: 100_000, status: before == 0 ? 200 : 206);
            return true;
        };

        var pulled = await Pull();

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")));
        Assert.Equal(["storage /model.safetensors", "storage /model.safetensors 100000-", "storage /model.safetensors 200000-"], Storage());
    }

    [Fact]
    public async Task AnEarlierProgramsPartIsGoneOnWithAndAHubWithoutRangesBeginsAnew()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob)!);
        File.WriteAllBytes(Blob + ".incomplete", Weights[..123_456]);
        hub.Misbehave = (context, content, before) =>
        {
            if (content.Length < 10) return false;
            LoopbackHub.Send(context, content, 0);
            return true;
        };

        await Pull();

        Assert.Equal(Weights, File.ReadAllBytes(Blob));
        Assert.Equal(["storage /model.safetensors 123456-"], Storage());
    }

    [Fact]
    public async Task AnotherContentThanAnnouncedIsThrownAway()
    {
        hub.WrongHashes["model.safetensors"] = new string('a', 64);

        Assert.Contains("another hash", await Refused(() => Pull()), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(cache, "*", SearchOption.AllDirectories), f => f.Contains("aaaa", StringComparison.Ordinal));
        Assert.Null(new HubCache(cache).Snapshot(LoopbackHub.Model));
    }

    [Theory]
    [InlineData(401, "HF_TOKEN")]
    [InlineData(403, "terms")]
    [InlineData(404, "no such model")]
    [InlineData(418, "418")]
    public async Task ARefusalIsToldInOneLineAtOnce(int status, string naming)
    {
        hub.MisbehaveAtDescription = (context, _) =>
        {
            LoopbackHub.Fail(context, status);
            return true;
        };

        var message = await Refused(() => Pull(token: "secret-token"));

        Assert.Contains(naming, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task TooManyRequestsAreWaitedForAsLongAsTheHubAsks()
    {
        hub.MisbehaveAtDescription = (context, before) =>
        {
            if (before == 0) LoopbackHub.Fail(context, 429, "1");
            if (before == 1) LoopbackHub.Fail(context, 503);
            return before < 2;
        };

        await Pull();

        Assert.Contains("429", log[0], StringComparison.Ordinal);
        Assert.Contains("again in 1 s", log[0], StringComparison.Ordinal);
        Assert.Contains("503", log[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHubThatStaysOutOfOrderOrAsksForAnHourIsGivenUp()
    {
        hub.MisbehaveAtDescription = (context, _) =>
        {
            LoopbackHub.Fail(context, 500);
            return true;
        };
        Assert.Contains("after 5 tries", await Refused(() => Pull()), StringComparison.Ordinal);
        hub.MisbehaveAtDescription = (context, _) =>
        {
            LoopbackHub.Fail(context, 429, "3600");
            return true;
        };
        Assert.Contains("60 minutes", await Refused(() => Pull()), StringComparison.Ordinal);
        hub.Dispose();
        Assert.Contains("no answer", await Refused(() => Pull()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLoginGoesToTheHubAlone()
    {
        await Pull(token: "secret-token");

        Assert.All(hub.Requests, r => Assert.Equal(r.StartsWith("hub", StringComparison.Ordinal), r.EndsWith("+token", StringComparison.Ordinal)));
        Assert.Single(Storage());
        Assert.DoesNotContain(log, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RedirectsWithoutEndAreRefused()
    {
        hub.MisbehaveAtDescription = (context, _) =>
        {
            context.Response.Headers["Location"] = "/api/models/again";
            LoopbackHub.Fail(context, 307);
            return true;
        };

        Assert.Contains("address to address", await Refused(() => Pull()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfflineUsesTheCacheAlone()
    {
        Assert.Contains("offline", await Refused(() => Pull(offline: true)), StringComparison.Ordinal);
        var pulled = await Pull();
        var asked = hub.Requests.Count;

        Assert.Equal(pulled.Folder, (await Pull(offline: true)).Folder);
        Assert.Equal(asked, hub.Requests.Count);
    }

    [Fact]
    public async Task AFullDiskIsToldAndNothingHalfIsLeftInPlace()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob)!);
        File.CreateSymbolicLink(Blob + ".incomplete", "/dev/full"); // each write fails as on a full disk

        Assert.Contains("the disk is full", await Refused(() => Pull()), StringComparison.Ordinal);
        Assert.False(File.Exists(Blob));
    }

    [Fact]
    public async Task AModelLargerThanTheDiskIsNotBegun()
    {
        hub.MisbehaveAtDescription = (context, _) =>
        {
            LoopbackHub.Send(context, Encoding.UTF8.GetBytes($$$"""{"sha":"{{{LoopbackHub.Commit}}}","siblings":[{"rfilename":"m.safetensors","lfs":{"sha256":"{{{new string('b', 64)}}}","size":4000000000000000}}]}"""), 0);
            return true;
        };

        Assert.Contains("MB are free", await Refused(() => Pull()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherProgramThatFetchesTheSameIsWaitedForByTheUser()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob)!);
        using var other = new FileStream(Blob + ".incomplete", FileMode.Create, FileAccess.Write, FileShare.None);

        Assert.Contains("another program", await Refused(() => Pull()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../evil.json")]
    [InlineData("/etc/evil.json")]
    [InlineData("a\\evil.json")]
    public async Task AHubCannotWriteElsewhere(string name)
    {
        hub.With(name, [1]);

        Assert.DoesNotContain(name, (await Pull()).Files);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("a--b")]
    [InlineData("")]
    [InlineData("/a")]
    public async Task ANameThatIsNoneIsRefused(string name) =>
        Assert.Contains("no name of a model", await Refused(() => new ModelHub(Settings(hub)).PullAsync(name)), StringComparison.Ordinal);

    [Fact]
    public async Task AnAnswerThatIsNoHubsIsRefused()
    {
        hub.MisbehaveAtDescription = (context, _) =>
        {
            LoopbackHub.Send(context, "<html>"u8.ToArray(), 0);
            return true;
        };

        Assert.Contains("Hugging Face hub", await Refused(() => Pull()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyFindsDamageAndWhatIsGone()
    {
        await Pull();
        var here = new HubCache(cache);
        Assert.Empty(Assert.Single(CachedModel.Read(here, verify: true)).Problems);

        using (var stream = File.OpenWrite(Blob)) stream.WriteByte((byte)(Weights[0] + 1));
        File.Delete(Path.Combine(Home, "blobs", LoopbackHub.GitHash(Config)));

        Assert.Contains("gone", Assert.Single(Assert.Single(CachedModel.Read(here, verify: false)).Problems), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(CachedModel.Read(here, verify: true, LoopbackHub.Model)).Problems.Count);
        Assert.Throws<BadInputException>(() => CachedModel.Read(here, verify: true, "acme/none"));
    }

    [Fact]
    public void TheEnvironmentSaysWhereTheCacheIs()
    {
        static string Folder(params (string Name, string Value)[] variables) =>
            new HubSettings(environment: name => variables.FirstOrDefault(v => v.Name == name).Value).CacheFolder;

        Assert.Equal("/c", Folder(("HF_HUB_CACHE", "/c"), ("HF_HOME", "/h")));
        Assert.Equal("/h/hub", Folder(("HF_HOME", "/h"), ("XDG_CACHE_HOME", "/x")));
        Assert.Equal("/x/huggingface/hub", Folder(("XDG_CACHE_HOME", "/x"), ("HOME", "/me")));
        Assert.Equal("/me/.cache/huggingface/hub", Folder(("HOME", "/me")));
        Assert.Throws<BadInputException>(() => new HubSettings("ftp://x"));
        Assert.Throws<BadInputException>(() => new HubSettings(mirror: "x"));
    }

    private async Task<PulledModel> Pull(string? token = null, bool offline = false, string[]? files = null, LoopbackHub? from = null) =>
        await new ModelHub(Settings(from ?? hub, token, offline), log.Add) { FirstPause = TimeSpan.FromMilliseconds(10) }.PullAsync(LoopbackHub.Model, files: files);

    private HubSettings Settings(LoopbackHub from, string? token = null, bool offline = false) => new(from.Address, offline, environment: name => name switch
    {
        "HF_HUB_CACHE" => cache,
        "HF_TOKEN" => token,
        _ => null,
    });

    private IEnumerable<string> Storage() => hub.Requests.Where(r => r.StartsWith("storage", StringComparison.Ordinal));

    private static async Task<string> Refused(Func<Task> action)
    {
        var message = (await Assert.ThrowsAsync<BadInputException>(action)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}

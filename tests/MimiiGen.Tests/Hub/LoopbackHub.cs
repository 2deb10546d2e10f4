using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MimiiGen.Tests.Hub;

/// <summary>
/// A hub on this machine that speaks the Hugging Face HTTP API: describes one model, and sends its large files on to a second address, the
/// storage. Files that are asked for at any other path are a release's. Each file request is first offered to <see cref="Misbehave"/>.
/// </summary>
internal sealed class LoopbackHub : IDisposable
{
    public const string Model = "acme/hum";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly HttpListener hub = new();
    private readonly HttpListener storage = new();
    private readonly Dictionary<string, (byte[] Content, bool Large)> files = new(StringComparer.Ordinal);
    private readonly string storageAddress;

    public LoopbackHub()
    {
        Address = Start(hub, AnswerHub);
        storageAddress = Start(storage, AnswerStorage);
    }

    public string Address { get; }

    /// <summary>METHOD-less log: "hub /path", "storage /path 5-", each with " +token" where a login came along.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>May answer a request for content itself, and then says so; gets the content and the number of such requests before.</summary>
    public Func<HttpListenerContext, byte[], int, bool> Misbehave { get; set; } = (_, _, _) => false;

    /// <summary>May answer the description itself.</summary>
    public Func<HttpListenerContext, int, bool> MisbehaveAtDescription { get; set; } = (_, _) => false;

    /// <summary>What it says a file hashes to, where that is a lie.</summary>
    public Dictionary<string, string> WrongHashes { get; } = new(StringComparer.Ordinal);

#pragma warning disable CA5350 // git's own
    public static string GitHash(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public LoopbackHub With(string name, byte[] content, bool large = false)
    {
        files[name] = (content, large);
        return this;
    }

    public void Dispose()
    {
        hub.Close();
        storage.Close();
    }

    public static void Send(HttpListenerContext context, byte[] content, int from, int? stopAfter = null, int status = 200)
    {
        context.Response.StatusCode = status;
        if (status == 206) context.Response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        context.Response.ContentLength64 = content.Length - from;
        context.Response.OutputStream.Write(content, from, stopAfter ?? content.Length - from);
        context.Response.OutputStream.Flush();
        if (stopAfter is null) context.Response.Close();
        else context.Response.Abort();
    }

    public static void Fail(HttpListenerContext context, int status, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers["Retry-After"] = retryAfter;
        context.Response.Close();
    }

    private static string Start(HttpListener listener, Action<HttpListenerContext> answer)
    {
        while (true)
        {
            var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                _ = Task.Run(() => Serve(listener, answer));
                return address;
            }
            catch (HttpListenerException)
            {
                listener.Prefixes.Clear();
            }
        }
    }

    private static void Serve(HttpListener listener, Action<HttpListenerContext> answer)
    {
        try
        {
            while (true) answer(listener.GetContext());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private void AnswerHub(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        var before = Note("hub", context);
        if (path.StartsWith("/api/models/", StringComparison.Ordinal))
        {
            if (!MisbehaveAtDescription(context, before)) Send(context, Encoding.UTF8.GetBytes(Description()), 0);
            return;
        }

        var resolve = $"/{Model}/resolve/{Commit}/";
        var name = Uri.UnescapeDataString(path[(path.StartsWith(resolve, StringComparison.Ordinal) ? resolve.Length : path.LastIndexOf('/') + 1)..]);
        if (!files.TryGetValue(name, out var file))
        {
            Fail(context, 404);
            return;
        }

        var (content, large) = file;
        if (!large)
        {
            if (!Misbehave(context, content, before)) Send(context, content, 0);
            return;
        }

        context.Response.Headers["Location"] = storageAddress + name;
        Fail(context, 302);
    }

    private void AnswerStorage(HttpListenerContext context)
    {
        var content = files[context.Request.Url!.AbsolutePath[1..]].Content;
        var before = Note("storage", context);
        if (Misbehave(context, content, before)) return;
        var from = context.Request.Headers["Range"] is { } range ? int.Parse(range["bytes=".Length..^1]) : 0;
        Send(context, content, from, status: from > 0 ? 206 : 200);
    }

    private int Note(string who, HttpListenerContext context)
    {
        var request = context.Request;
        var range = request.Headers["Range"] is { } text ? " " + text["bytes=".Length..] : "";
        var token = request.Headers["Authorization"] is null ? "" : " +token";
        lock (Requests)
        {
            var before = Requests.Count(r => r.StartsWith(who, StringComparison.Ordinal));
            Requests.Add($"{who} {request.Url!.AbsolutePath}{range}{token}");
            return before;
        }
    }

    private string Description() => JsonSerializer.Serialize(new
    {
        sha = Commit,
        siblings = files.Select(entry => entry.Value.Large
            ? (object)new { rfilename = entry.Key, lfs = new { sha256 = WrongHashes.GetValueOrDefault(entry.Key, Sha256(entry.Value.Content)), size = entry.Value.Content.Length } }
            : new { rfilename = entry.Key, size = entry.Value.Content.Length, blobId = GitHash(entry.Value.Content) }),
    });
}

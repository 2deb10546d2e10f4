using System.Net;

namespace MimiiGen.Hub;

/// <summary>
/// Fetches the content of one file into the cache: aside under <c>NAME.incomplete</c>, from where an earlier try stopped, and renamed when
/// its hash is right.
/// </summary>
/// <param name="client">Asks for it.</param>
/// <param name="model">Whose file it is.</param>
/// <param name="file">What it must be.</param>
/// <param name="address">Where it is asked for.</param>
/// <param name="target">Where it is to lie.</param>
internal sealed class HubDownload(HubClient client, string model, HubFile file, Uri address, string target)
{
    private const int DiskFull = 28; // ENOSPC
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly string aside = target + ".incomplete";

    /// <summary>What it must be.</summary>
    public HubFile File => file;

    /// <summary>Where it is to lie.</summary>
    public string Target => target;

    /// <summary>Whether it is there already.</summary>
    public bool IsThere => new FileInfo(target) is { Exists: true } whole && whole.Length == file.Size;

    /// <summary>Bytes that an earlier try left.</summary>
    public long Part => new FileInfo(aside) is { Exists: true } part ? Math.Min(part.Length, file.Size) : 0;

    private string What => $"{model}/{file.Name}";

    /// <param name="progress">Told the bytes that are there.</param>
    /// <param name="stop">Stops; what is there stays, to go on from.</param>
    /// <exception cref="BadInputException">The content is not what the hub announced, the disk is full, or another program is fetching it.</exception>
    public async Task RunAsync(Action<long> progress, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            // no other program may write it meanwhile
            await using var stream = new FileStream(aside, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16);
            await FillAsync(stream, progress, stop);
            await stream.FlushAsync(stop);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException e) when (e.HResult == DiskFull)
        {
            throw new BadInputException($"{What}: the disk is full; free {file.Size / 1e6:0} MB and run the command again, or delete {aside}", e);
        }
        catch (IOException e) when (e.Message.Contains("being used", StringComparison.Ordinal))
        {
            throw new BadInputException($"{What}: another program is fetching it; wait for that one", e);
        }

        if (!file.IsContentOf(aside))
        {
            System.IO.File.Delete(aside);
            throw new BadInputException($"{What}: what came has another hash than was announced ({file.Hash}); it was thrown away; run the command again");
        }

        System.IO.File.Move(aside, target, overwrite: true);
    }

    private async Task FillAsync(FileStream stream, Action<long> progress, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var before = stream.Length <= file.Size ? stream.Length : 0;
            if (stream.Length != before) stream.SetLength(before);
            if (before == file.Size) return;
            var reason = await FillOnceAsync(stream, before, progress, stop);
            if (stream.Length >= file.Size) return;
            if (stream.Length > before) tries = 1;
            await client.PauseAsync(What, tries, reason, stop);
        }
    }

    /// <summary>Gives why it ended.</summary>
    private async Task<string> FillOnceAsync(FileStream stream, long from, Action<long> progress, CancellationToken stop)
    {
        using var answer = await client.OpenAsync(address, model, from, stop);
        var begins = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From : 0;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || begins != from)
        {
            stream.SetLength(0);
            if (begins != 0) return "it can't go on from the middle";
        }

        stream.Position = stream.Length;
        await using var content = await answer.Content.ReadAsStreamAsync(stop);
        var buffer = new byte[1 << 16];
        for (var there = stream.Length; there < file.Size;)
        {
            var (read, reason) = await ReadAsync(content, buffer, stop);
            if (read == 0) return reason;
            if ((there += read) > file.Size) throw new BadInputException($"{What}: more comes than the {file.Size} bytes that were announced");
            stream.Write(buffer, 0, read);
            stream.Flush();
            progress(there);
        }

        return "done";
    }

    /// <summary>The next bytes, or none and why.</summary>
    private static async Task<(int Read, string Reason)> ReadAsync(Stream content, byte[] buffer, CancellationToken stop)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(LongestSilence);
        try
        {
            return (await content.ReadAsync(buffer, silence.Token), "the connection was closed early");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return (0, e is IOException ? "the connection broke" : "nothing came for a minute");
        }
    }
}

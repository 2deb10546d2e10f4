using System.Net;

namespace MimiiGen.Hub;

/// <summary>
/// Fetches the content of one file into the cache: aside under <c>HASH.incomplete</c>, from where an earlier try stopped, and renamed when
/// its hash is right.
/// </summary>
internal sealed class HubDownload(HubClient client, HubRepository repository, HubFile file, string blob)
{
    private const int DiskFull = 28; // ENOSPC
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly string aside = blob + ".incomplete";

    private string What => $"{repository.Name}/{file.Name}";

    /// <param name="progress">Told the bytes that are there.</param>
    /// <param name="stop">Stops; what is there stays, to go on from.</param>
    /// <exception cref="BadInputException">The content is not what the hub announced, the disk is full, or another program is fetching it.</exception>
    public async Task RunAsync(Action<long> progress, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        try
        {
            // no other program may write it meanwhile
            await using var target = new FileStream(aside, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16);
            await FillAsync(target, progress, stop);
            await target.FlushAsync(stop);
            target.Flush(flushToDisk: true);
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
            File.Delete(aside);
            throw new BadInputException($"{What}: what came has another hash than the hub announced ({file.Hash}); it was thrown away; run the command again");
        }

        File.Move(aside, blob, overwrite: true);
    }

    private async Task FillAsync(FileStream target, Action<long> progress, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var before = target.Length <= file.Size ? target.Length : 0;
            if (target.Length != before) target.SetLength(before);
            if (before == file.Size) return;
            var reason = await FillOnceAsync(target, before, progress, stop);
            if (target.Length >= file.Size) return;
            if (target.Length > before) tries = 1;
            await client.PauseAsync(What, tries, reason, stop);
        }
    }

    /// <summary>Gives why it ended.</summary>
    private async Task<string> FillOnceAsync(FileStream target, long from, Action<long> progress, CancellationToken stop)
    {
        using var answer = await client.OpenAsync(repository, file, from, stop);
        var begins = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From : 0;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || begins != from)
        {
            target.SetLength(0);
            if (begins != 0) return "the hub can't go on from the middle";
        }

        target.Position = target.Length;
        await using var content = await answer.Content.ReadAsStreamAsync(stop);
        var buffer = new byte[1 << 16];
        for (var there = target.Length; there < file.Size;)
        {
            var (read, reason) = await ReadAsync(content, buffer, stop);
            if (read == 0) return reason;
            if ((there += read) > file.Size) throw new BadInputException($"{What}: more comes than the {file.Size} bytes that the hub announced");
            target.Write(buffer, 0, read);
            target.Flush();
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

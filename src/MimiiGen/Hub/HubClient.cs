using System.Net;
using System.Net.Http.Headers;

namespace MimiiGen.Hub;

/// <summary>
/// Asks a hub: follows redirects itself, so that the login goes to the hub alone; waits where it is told to wait; asks again where a
/// connection breaks or the hub is out of order.
/// </summary>
/// <param name="settings">The hub.</param>
/// <param name="log">Told of each wait.</param>
internal sealed class HubClient(HubSettings settings, Action<string>? log) : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostTries = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20) })
    {
        Timeout = TimeSpan.FromSeconds(60), // to the answer's headers
    };

    /// <summary>The pause before the second try; it doubles from try to try.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the hub says of a model.</summary>
    /// <exception cref="BadInputException">It doesn't have it, doesn't give it, or doesn't answer.</exception>
    public async Task<HubRepository> DescribeAsync(string model, string revision, CancellationToken stop)
    {
        var path = $"api/models/{HubRepository.CheckName(model)}/revision/{Uri.EscapeDataString(HubRepository.CheckRevision(revision))}?blobs=true";
        using var answer = await OpenAsync(new Uri(settings.Endpoint, path), model, from: 0, stop);
        return HubRepository.Parse(model, await answer.Content.ReadAsStringAsync(stop));
    }

    /// <summary>Where a file of a model lies on the hub.</summary>
    public Uri AddressOf(HubRepository repository, HubFile file) =>
        new(settings.Endpoint, $"{repository.Name}/resolve/{repository.Commit}/{string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Where a file of a release is asked for.</summary>
    public Uri AddressOf(ReleaseFile release) => release.AddressOn(settings.Mirror);

    /// <summary>What lies at an address, from a byte on; the answer says by its status whether it begins there (206) or at the start (200).</summary>
    /// <exception cref="BadInputException">It isn't there, isn't given, or nobody answers.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Uri address, string model, long from, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            string reason;
            TimeSpan? asked = null;
            try
            {
                var answer = await FollowAsync(address, model, from, stop);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable) return answer;
                using (answer)
                {
                    Refuse(answer.StatusCode, model, address);
                    reason = answer.StatusCode == HttpStatusCode.TooManyRequests ? "too many requests (429)" : $"{address.Host} is out of order ({(int)answer.StatusCode})";
                    asked = answer.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date - DateTimeOffset.UtcNow);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                reason = e is HttpRequestException ? $"no answer ({e.Message})" : "no answer in time";
            }

            await PauseAsync(model, tries, reason, stop, asked < TimeSpan.Zero ? TimeSpan.Zero : asked);
        }
    }

    /// <summary>Waits before try number <paramref name="tries"/> + 1.</summary>
    /// <exception cref="BadInputException">That were too many.</exception>
    public async Task PauseAsync(string what, int tries, string reason, CancellationToken stop, TimeSpan? asked = null)
    {
        var pause = asked ?? (FirstPause * Math.Pow(2, tries - 1));
        if (tries >= MostTries) throw new BadInputException($"{what}: no use after {tries} tries ({reason}); run the command again later, it goes on where it stopped");
        if (pause > LongestWait) throw new BadInputException($"{what}: its host asks to wait {pause.TotalMinutes:0} minutes ({reason}); run the command again then, it goes on where it stopped");
        log?.Invoke($"{what}: {reason}; again in {pause.TotalSeconds:0.#} s");
        await Task.Delay(pause, stop);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri address, string model, long from, CancellationToken stop)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.ParseAdd("mimiigen/" + typeof(HubClient).Assembly.GetName().Version!.ToString(3));
            if (settings.Token is not null && IsHub(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
            if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            var next = new Uri(address, location);
            if (next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme == "http"))
                throw new BadInputException($"{model}: the hub sends on to an unsafe address ({next.Scheme}://{next.Host})");
            address = next;
        }

        throw new BadInputException($"{model}: the hub sends from address to address, more than {MostRedirects} times");
    }

    /// <summary>Same scheme, host and port: whoever else is asked must not see the login.</summary>
    private bool IsHub(Uri address) =>
        Uri.Compare(address, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Throws where asking again would not help.</summary>
    private void Refuse(HttpStatusCode status, string model, Uri address)
    {
        var login = settings.Token is null ? "set HF_TOKEN to a token of your account" : "the token in HF_TOKEN is not accepted";
        var message = status switch
        {
            HttpStatusCode.Unauthorized when IsHub(address) => $"{model}: {address.Host} asks for a login (401): mend the name if it is wrong, else {login}",
            HttpStatusCode.Forbidden when IsHub(address) => $"{model}: {address.Host} doesn't give it to you (403): accept its terms at {settings.Endpoint}{model}, and {login}",
            HttpStatusCode.NotFound when IsHub(address) => $"{model}: {address.Host} has no such model, revision or file (404); mend the name",
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => null,
            _ => $"{model}: {address.Host} answers {(int)status} ({status}) for {address.AbsolutePath}{(IsHub(address) ? "" : "; name a mirror that has it with --mirror")}",
        };
        if (message is not null) throw new BadInputException(message);
    }
}

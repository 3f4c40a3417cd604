using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.LoadGenerator.Signaling;

/// <summary>What a server answered to an offer.</summary>
/// <param name="Resource">To be deleted when the session ends; null = the server named none.</param>
internal sealed record WhipAnswer(string Sdp, Uri? Resource, string? Token);

/// <summary>
/// WHIP (RFC 9725) and WHEP: an offer by POST, an answer in its 201, the end by DELETE. One pool of kept-alive HTTP/1.1
/// connections for all sessions. Any thread.
/// </summary>
internal sealed class WhipClient : IDisposable
{
    private const int AttemptsToWatch = 10;
    private const int LongestComplaint = 200;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);
    private static readonly MediaTypeHeaderValue Sdp = new("application/sdp");

    private readonly WebRtcTarget _target;
    private readonly HttpClient _http;

    public WhipClient(WebRtcTarget target, int connections)
    {
        _target = target;
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections,
            UseProxy = false,
            AllowAutoRedirect = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        })
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Offers; those who watch try again for five seconds while the server does not know their publisher yet.</summary>
    /// <param name="posting">Called right before each attempt.</param>
    /// <exception cref="SignalingException">Refused, or no answer.</exception>
    public async Task<WhipAnswer> Offer(SessionName name, string offer, Action posting, CancellationToken cancellation)
    {
        string? token = await _target.Token(name, cancellation);
        Uri url = (name.Publishes ? _target.Whip : _target.Whep).Expand(name, token);
        int attempts = name.Publishes ? 1 : AttemptsToWatch;
        while (true)
        {
            posting();
            using HttpResponseMessage response = await Send(HttpMethod.Post, url, token, offer, cancellation);
            string body = await response.Content.ReadAsStringAsync(cancellation);
            if (response.IsSuccessStatusCode)
            {
                Uri? location = response.Headers.Location;
                Uri? resource = location is null ? null : new Uri(response.RequestMessage?.RequestUri ?? url, location);
                return new WhipAnswer(body, resource, token);
            }

            if (--attempts == 0 || response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
            {
                string complaint = body.Length > LongestComplaint ? body[..LongestComplaint] : body;
                throw new SignalingException($"POST {url}: {(int)response.StatusCode} {response.ReasonPhrase}: {complaint.Trim()}");
            }

            await Task.Delay(BetweenAttempts, cancellation);
        }
    }

    /// <summary>Ends a session on the server.</summary>
    /// <returns>False when the server did not agree; it will then notice by itself.</returns>
    public async Task<bool> Delete(WhipAnswer answer, CancellationToken cancellation)
    {
        if (answer.Resource is null)
        {
            return false;
        }

        try
        {
            using HttpResponseMessage response = await Send(HttpMethod.Delete, answer.Resource, answer.Token, null, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (SignalingException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(
        HttpMethod method, Uri url, string? token, string? sdp, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, url);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (sdp is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(sdp)) { Headers = { ContentType = Sdp } };
        }

        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new SignalingException($"{method} {url}: {error.Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SignalingException($"{method} {url}: no answer within {_http.Timeout.TotalSeconds:F0} s");
        }
    }
}

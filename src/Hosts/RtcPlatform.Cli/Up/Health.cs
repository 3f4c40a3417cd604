namespace RtcPlatform.Cli.Up;

/// <summary>Asks the server's health endpoints; a server that does not answer is neither alive nor ready.</summary>
internal sealed class Health(string url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(3) };

    public bool IsAlive() => Ask("/healthz");

    public bool IsReady() => Ask("/readyz");

    public void Dispose() => _http.Dispose();

    private bool Ask(string path)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using HttpResponseMessage response = _http.Send(request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}

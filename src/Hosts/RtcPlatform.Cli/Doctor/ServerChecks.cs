using System.Net;
using System.Text.Json;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Doctor;

/// <summary>Whether the platform of a data folder runs: its port, its server, its database and its media nodes.</summary>
internal static class ServerChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The last finding is a failure when the media path cannot be tried.</returns>
    public static async Task<IReadOnlyList<Finding>> Run(DevFile dev, string dataFolder, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new Uri(dev.Url), Timeout = Patience };
        string logs = Path.Combine(dataFolder, "logs");
        (HttpStatusCode? status, string body) = await Ask(http, "/healthz", cancellation);
        if (status != HttpStatusCode.OK)
        {
            return
            [
                PortWithoutServer(dev),
                Finding.Fail("server", $"{dev.Url}/healthz: {Describe(status, body)}", $"start it (./run); its log is in {logs}"),
            ];
        }

        var findings = new List<Finding>
        {
            Finding.Ok("port", $"{http.BaseAddress.Port} is held by our server"),
            Finding.Ok("server", $"{dev.Url} answers"),
        };
        (status, body) = await Ask(http, "/readyz", cancellation);
        findings.AddRange(ReadReadiness(status, body, logs));
        return findings;
    }

    private static Finding PortWithoutServer(DevFile dev)
    {
        var url = new Uri(dev.Url);
        return IPAddress.TryParse(url.Host, out IPAddress? host) && !Ports.IsTcpFree(host, url.Port)
            ? Finding.Fail("port", $"TCP port {url.Port} is held by another program", "stop it, or start with another --port")
            : Finding.Ok("port", $"TCP port {url.Port} is free");
    }

    private static IEnumerable<Finding> ReadReadiness(HttpStatusCode? status, string body, string logs)
    {
        Readiness? readiness = null;
        try
        {
            readiness = status is null ? null : JsonSerializer.Deserialize<Readiness>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // Told below as what it is: an answer that is none.
            readiness = null;
        }

        if (readiness?.Checks is not { } checks)
        {
            yield return Finding.Fail("readiness", $"/readyz: {Describe(status, body)}", $"see the server's log in {logs}");
            yield break;
        }

        foreach ((string name, Check check) in checks)
        {
            string advice = name switch
            {
                "database" => $"see {Path.Combine(logs, "server.log")} and the postgres folder beside it",
                "media" => $"see {Path.Combine(logs, "node.log")}; ./run starts a media node",
                _ => $"see the logs in {logs}",
            };
            string label = name == "media" ? "media node" : name;
            yield return check.Ok ? Finding.Ok(label, check.Detail) : Finding.Fail(label, check.Detail, advice);
        }
    }

    private static async Task<(HttpStatusCode? Status, string Body)> Ask(
        HttpClient http, string path, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (HttpRequestException error)
        {
            return (null, error.InnerException?.Message ?? error.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds:F0} s");
        }
    }

    private static string Describe(HttpStatusCode? status, string body) =>
        status is { } code ? $"status {(int)code}" : body;

    private sealed record Readiness(bool Ready, Dictionary<string, Check>? Checks);

    private sealed record Check(bool Ok, string Detail);
}

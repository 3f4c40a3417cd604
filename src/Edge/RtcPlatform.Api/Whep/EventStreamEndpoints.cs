using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Api.Whep;

/// <summary>
/// WHEP's server-sent events extension: POST to the session's <c>/sse</c> begins a stream, GET of what Location names reads
/// it, DELETE ends it. Events wait while nobody reads.
/// </summary>
internal static class EventStreamEndpoints
{
    public const string Relation = "urn:ietf:params:whep:ext:core:server-sent-events";

    private const int LongestRequest = 4_096;
    private const int PendingEvents = 256;

    /// <summary>Proxies cut connections that are silent for longer.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static string Link(string session) =>
        $"<{session}/sse>; rel=\"{Relation}\"; events=\"{string.Join(',', SessionEventTypes.All)}\"";

    public static void MapEventStreams(this RouteGroupBuilder whep)
    {
        whep.MapPost("/{session}/sse", Create).ExcludeFromDescription();
        whep.MapGet("/{session}/sse/{stream}", Read).ExcludeFromDescription();
        whep.MapDelete("/{session}/sse/{stream}", Delete).ExcludeFromDescription();
        whep.MapMethods("/{session}/sse", ["OPTIONS"], static (HttpContext http) => SessionHeaders.Options(http, "POST, OPTIONS"))
            .ExcludeFromDescription();
        whep.MapMethods("/{session}/sse/{stream}", ["OPTIONS"], static (HttpContext http) =>
            SessionHeaders.Options(http, "GET, DELETE, OPTIONS")).ExcludeFromDescription();
    }

    private static IResult NotThere => SessionProblems.Of(404, "no_such_stream", "There is no such event stream, or it has ended.");

    private static async Task<IResult> Create(
        HttpContext http, string room, string session, IGrainFactory grains, SessionLimits limits)
    {
        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return NotThere;
        }

        if (limits.RefuseRequest(http.Response, session) is { } refusal)
        {
            return refusal;
        }

        string? body = await SessionText.Read(http.Request, LongestRequest);
        if (Types(body) is not { } types)
        {
            return SessionProblems.Of(
                400, "unsupported_events", $"Ask for some of {string.Join(", ", SessionEventTypes.All)} in a JSON array.");
        }

        Outcome<string> outcome =
            await grains.GetGrain<IHttpSessionGrain>(address.GrainKey(room)).CreateEventStream(address.Secret, types);
        if (outcome.Value is not { } stream)
        {
            return SessionProblems.Of(outcome.Error!, http.Response);
        }

        http.Response.Headers.Location = $"{http.Request.Path.ToUriComponent()}/{stream}";
        return TypedResults.StatusCode(201);
    }

    /// <summary>No body asks for everything; null when it is no array of event types that are sent here.</summary>
    private static string[]? Types(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return body is null ? null : SessionEventTypes.All;
        }

        try
        {
            string[]? asked = JsonSerializer.Deserialize<string[]>(body);
            return asked is { Length: > 0 } && asked.All(SessionEventTypes.All.Contains) ? asked : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<IResult> Read(HttpContext http, string room, string session, string stream, IGrainFactory grains)
    {
        if (!SessionAddress.TryParse(session, out SessionAddress address))
        {
            return NotThere;
        }

        var reader = new Reader();
        ISessionEventObserver reference = grains.CreateObjectReference<ISessionEventObserver>(reader);
        try
        {
            if (!await grains.GetGrain<IHttpSessionGrain>(address.GrainKey(room)).ReadEvents(address.Secret, stream, reference))
            {
                return NotThere;
            }

            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            await reader.Copy(http);
            return TypedResults.Empty;
        }
        finally
        {
            grains.DeleteObjectReference<ISessionEventObserver>(reference);

            // Observers are held weakly by the runtime.
            GC.KeepAlive(reader);
        }
    }

    private static async Task<IResult> Delete(string room, string session, string stream, IGrainFactory grains) =>
        SessionAddress.TryParse(session, out SessionAddress address)
        && await grains.GetGrain<IHttpSessionGrain>(address.GrainKey(room)).DeleteEventStream(address.Secret, stream)
            ? TypedResults.Ok()
            : NotThere;

    private sealed class Reader : ISessionEventObserver
    {
        private readonly Channel<string> _lines = Channel.CreateBounded<string>(PendingEvents);

        public Task Deliver(string type, string data)
        {
            // Who reads so slowly gets the events that come after it has read on.
            _lines.Writer.TryWrite($"event: {type}\ndata: {data}\n\n");
            return Task.CompletedTask;
        }

        public Task End()
        {
            _lines.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public async Task Copy(HttpContext http)
        {
            CancellationToken gone = http.RequestAborted;
            await http.Response.StartAsync(gone);
            await http.Response.Body.FlushAsync(gone);
            Task<bool> more = _lines.Reader.WaitToReadAsync(gone).AsTask();
            while (!gone.IsCancellationRequested)
            {
                if (await Task.WhenAny(more, Task.Delay(KeepAlive, gone)) != more)
                {
                    await Write(http, ":\n\n");
                    continue;
                }

                if (more.IsCanceled || !await more)
                {
                    return;
                }

                while (_lines.Reader.TryRead(out string? line))
                {
                    await Write(http, line);
                }

                more = _lines.Reader.WaitToReadAsync(gone).AsTask();
            }
        }

        private static async Task Write(HttpContext http, string text)
        {
            await http.Response.WriteAsync(text, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>A connection to the hub at <c>/signal</c>, without reconnecting: when it ends, <see cref="Ended"/> says why.</summary>
public sealed class SignalClient : IAsyncDisposable
{
    // SignalR's server gives up on a client after 30 s of silence and pings every 15 s itself.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly SignalSocket _socket;
    private readonly SignalHandlers _handlers;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;
    private long _lastId;

    private SignalClient(SignalSocket socket, SignalHandlers handlers)
    {
        _socket = socket;
        _handlers = handlers;
    }

    /// <summary>Completes with the reason, one sentence, when the connection is over; never faults.</summary>
    public Task<string> Ended => _ended.Task;

    /// <param name="server">Such as <c>http://127.0.0.1:7880</c>; http becomes ws, https wss.</param>
    /// <exception cref="SignalException">The server cannot be reached or refuses the protocol; <c>Code</c> is null.</exception>
    public static async Task<SignalClient> ConnectAsync(Uri server, SignalHandlers handlers, CancellationToken cancellation)
    {
        var url = new UriBuilder(server) { Scheme = server.Scheme is "https" or "wss" ? "wss" : "ws", Path = "/signal" };
        var socket = new SignalSocket();
        try
        {
            await socket.ConnectAsync(url.Uri, cancellation);
            await socket.SendAsync(HubMessage.Handshake, cancellation);
            RequireHandshake(await socket.ReceiveAsync(cancellation));
        }
        catch (WebSocketException error)
        {
            socket.Dispose();
            throw new SignalException(null, $"{url.Uri} cannot be reached: {error.InnerException?.Message ?? error.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var client = new SignalClient(socket, handlers);
        client._reading = client.ReadAsync();
        client._pinging = client.PingAsync();
        return client;
    }

    /// <param name="method">A method of <see cref="IRoomHub"/>.</param>
    /// <param name="argument">Its one argument; null when it has none.</param>
    /// <exception cref="SignalException">Refused by the server, or the connection ended first.</exception>
    public async Task<TResult> InvokeAsync<TResult>(string method, object? argument, CancellationToken cancellation) =>
        (await CallAsync(method, argument, cancellation)).Deserialize<TResult>(SignalJson.Options)
        ?? throw new SignalException(SignalErrorCode.Internal, $"{method} was answered with nothing");

    /// <inheritdoc cref="InvokeAsync{TResult}"/>
    public async Task InvokeAsync(string method, object? argument, CancellationToken cancellation) =>
        await CallAsync(method, argument, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(ClosePatience);
            await _socket.CloseAsync(patience.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            _ended.TrySetResult($"closing failed: {error.Message}");
        }

        await _stop.CancelAsync();
        await _reading;
        await _pinging;
        _socket.Dispose();
        _stop.Dispose();
    }

    private static void RequireHandshake(ReadOnlyMemory<byte>? record)
    {
        if (record is not { } answer)
        {
            throw new SignalException(null, "the server closed the connection during the handshake");
        }

        using JsonDocument json = JsonDocument.Parse(answer);
        if (json.RootElement.TryGetProperty("error", out JsonElement error))
        {
            throw new SignalException(null, $"the server refused the handshake: {error.GetString()}");
        }
    }

    private async Task<JsonElement> CallAsync(string method, object? argument, CancellationToken cancellation)
    {
        string id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            if (_ended.Task.IsCompleted)
            {
                throw new SignalException(null, $"the connection is over: {await _ended.Task}");
            }

            await _socket.SendAsync(HubMessage.WriteInvocation(id, method, argument), cancellation);
            return await answer.Task.WaitAsync(cancellation);
        }
        catch (Exception error) when (error is WebSocketException or InvalidOperationException)
        {
            throw new SignalException(null, $"the connection is over: {error.Message}");
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    private async Task ReadAsync()
    {
        string reason = "the server closed the connection";
        try
        {
            while (await _socket.ReceiveAsync(_stop.Token) is { } record)
            {
                using JsonDocument json = JsonDocument.Parse(record);
                if (Handle(json.RootElement) is { } closing)
                {
                    reason = closing;
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            reason = "closed by this side";
        }
        catch (Exception error) when (
            error is WebSocketException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            reason = error.Message;
        }

        _ended.TrySetResult(reason);
        foreach (TaskCompletionSource<JsonElement> call in _calls.Values)
        {
            call.TrySetException(new SignalException(null, $"the connection is over: {reason}"));
        }
    }

    /// <summary>The reason when the server says that it closes.</summary>
    private string? Handle(JsonElement message)
    {
        switch (message.GetProperty("type").GetInt32())
        {
            case HubMessage.Invocation:
                Tell(message.GetProperty("target").GetString(), message.GetProperty("arguments"));
                return null;
            case HubMessage.Completion:
                Complete(message);
                return null;
            case HubMessage.Close:
                return message.TryGetProperty("error", out JsonElement error) ? error.GetString() : "the server closed the connection";
            default:
                return null;
        }
    }

    private void Complete(JsonElement message)
    {
        if (!_calls.TryRemove(message.GetProperty("invocationId").GetString()!, out TaskCompletionSource<JsonElement>? call))
        {
            return;
        }

        if (message.TryGetProperty("error", out JsonElement error))
        {
            call.TrySetException(SignalException.FromHub(error.GetString()!));
        }
        else
        {
            call.TrySetResult(message.TryGetProperty("result", out JsonElement result) ? result.Clone() : default);
        }
    }

    private void Tell(string? target, JsonElement arguments)
    {
        switch (target)
        {
            case nameof(IRoomClient.RoomChanged):
                _handlers.RoomChanged(First<RoomChange>(arguments));
                break;
            case nameof(IRoomClient.NegotiationNeeded):
                _handlers.NegotiationNeeded(First<NegotiationRequest>(arguments));
                break;
            case nameof(IRoomClient.TransportLost):
                _handlers.TransportLost(First<TransportLoss>(arguments));
                break;
            case nameof(IRoomClient.Disconnected):
                _handlers.Disconnected(First<Disconnection>(arguments));
                break;
            default:
                // A newer server may say more.
                break;
        }
    }

    private static T First<T>(JsonElement arguments) =>
        arguments[0].Deserialize<T>(SignalJson.Options) ?? throw new JsonException($"an event carries no {typeof(T).Name}");

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await _socket.SendAsync(HubMessage.PingMessage, _stop.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            // The reader sees the same end and names it.
            _ended.TrySetResult(error.Message);
        }
    }
}

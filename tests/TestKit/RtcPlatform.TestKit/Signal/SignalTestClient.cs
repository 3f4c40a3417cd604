using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace RtcPlatform.TestKit.Signal;

/// <summary>
/// SignalR's JSON protocol over a WebSocket, by hand: it can say what the real clients cannot, such as garbage and too much.
/// Every wait ends after <see cref="Patience"/> with what was waited for.
/// </summary>
public sealed class SignalTestClient : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _messages = Channel.CreateUnbounded<JsonElement>();
    private readonly List<JsonElement> _events = [];
    private readonly CancellationTokenSource _ended = new();
    private Task _reading = Task.CompletedTask;
    private int _invocations;

    private SignalTestClient()
    {
    }

    /// <summary>The error text of the close message, once it came.</summary>
    public string? CloseError { get; private set; }

    /// <param name="server">The server's <c>http://…</c> address.</param>
    public static async Task<SignalTestClient> Connect(Uri server)
    {
        SignalTestClient client = new();
        await client._socket.ConnectAsync(
            new UriBuilder(server) { Scheme = "ws", Path = "/signal" }.Uri, new CancellationTokenSource(Patience).Token);
        client._reading = client.Read();
        await client.SendText("""{"protocol":"json","version":1}""" + RecordSeparator);
        JsonElement answer = await client.Next("the handshake's answer");
        return answer.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"handshake refused: {error}")
            : client;
    }

    /// <summary>A call that must succeed.</summary>
    public async Task<JsonElement> Invoke(string method, params object?[] arguments)
    {
        JsonElement completion = await Complete(method, arguments);
        return completion.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"{method} was refused: {error}")
            : completion.TryGetProperty("result", out JsonElement result) ? result : default;
    }

    /// <summary>A call that must be refused: its code and message.</summary>
    public async Task<(string Code, string Message)> Refused(string method, params object?[] arguments)
    {
        JsonElement completion = await Complete(method, arguments);
        return completion.TryGetProperty("error", out JsonElement error)
            ? ReadFailure(error.GetString()!)
            : throw new InvalidOperationException($"{method} was not refused: {completion}");
    }

    /// <summary>The next event of that name; others that come before it are kept for later.</summary>
    public async Task<JsonElement> Event(string name)
    {
        while (true)
        {
            int index = _events.FindIndex(message => message.GetProperty("target").ValueEquals(name));
            if (index >= 0)
            {
                JsonElement found = _events[index];
                _events.RemoveAt(index);
                return found.GetProperty("arguments")[0];
            }

            Keep(await Next($"event {name}"));
        }
    }

    public async Task SendText(string text) => await _socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, new CancellationTokenSource(Patience).Token);

    /// <summary>Waits until the server closes; gives the failure of its close message.</summary>
    public async Task<(string Code, string Message)?> Closed()
    {
        await _reading.WaitAsync(Patience);
        return CloseError is null ? null : ReadFailure(CloseError);
    }

    /// <summary>As when the network is gone: no close, no goodbye.</summary>
    public void Vanish() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _ended.CancelAsync();
        await _reading;
        _socket.Dispose();
        _ended.Dispose();
    }

    public static (string Code, string Message) ReadFailure(string text)
    {
        using JsonDocument failure = JsonDocument.Parse(text);
        return (failure.RootElement.GetProperty("code").GetString()!, failure.RootElement.GetProperty("message").GetString()!);
    }

    private async Task<JsonElement> Complete(string method, object?[] arguments)
    {
        string id = $"{++_invocations}";
        string invocation = JsonSerializer.Serialize(
            new { type = 1, invocationId = id, target = method, arguments }, JsonSerializerOptions.Web);
        await SendText(invocation + RecordSeparator);
        while (true)
        {
            JsonElement message = await Next($"the completion of {method}");
            if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").ValueEquals(id))
            {
                return message;
            }

            Keep(message);
        }
    }

    private void Keep(JsonElement message)
    {
        if (message.TryGetProperty("type", out JsonElement type) && type.GetInt32() == 1)
        {
            _events.Add(message);
        }
    }

    private async Task<JsonElement> Next(string what)
    {
        try
        {
            using CancellationTokenSource limit = new(Patience);
            return await _messages.Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"the connection ended ({CloseError ?? "no reason"}) before {what}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{what} did not come within {Patience.TotalSeconds} s");
        }
    }

    private async Task Read()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[16 * 1024];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        char[] characters = new char[16 * 1024];
        try
        {
            while (true)
            {
                WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, _ended.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                text.Append(characters, 0, decoder.GetChars(buffer, 0, received.Count, characters, 0));
                TakeMessages(text);
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over; what it said before was taken.
        }

        _messages.Writer.TryComplete();
    }

    private void TakeMessages(StringBuilder text)
    {
        string all = text.ToString();
        int end = all.LastIndexOf(RecordSeparator);
        if (end < 0)
        {
            return;
        }

        text.Remove(0, end + 1);
        foreach (string record in all[..end].Split(RecordSeparator))
        {
            using JsonDocument message = JsonDocument.Parse(record);
            JsonElement root = message.RootElement.Clone();
            if (root.TryGetProperty("type", out JsonElement type) && type.GetInt32() == 7)
            {
                CloseError = root.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;
            }

            _messages.Writer.TryWrite(root);
        }
    }
}

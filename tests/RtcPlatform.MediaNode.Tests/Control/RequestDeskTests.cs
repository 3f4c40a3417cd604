using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Agent;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Control;

/// <summary>The desk and the link are real; the transports are names, so that a request can be held half-way.</summary>
public sealed class RequestDeskTests : IAsyncDisposable
{
    private readonly ControlLink _link = new();
    private readonly Channel<ControlFrame> _sent = Channel.CreateUnbounded<ControlFrame>();
    private readonly Channel<string> _carriedOut = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, TaskCompletionSource> _held = [];
    private readonly List<string> _transports = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly RequestDesk _desk;
    private readonly Task _working;

    public RequestDeskTests()
    {
        _desk = new RequestDesk(CarryOutAsync, () => [.. _transports], _link, NullLogger.Instance);
        _working = _desk.RunAsync(_stop.Token);
    }

    [Fact]
    public async Task A_new_server_finds_only_the_transports_that_it_was_told_of()
    {
        Welcome("server-1");
        Accept(Open("told"));
        await CarriedOutAsync("OpenTransport told");
        _held["late"] = new TaskCompletionSource();
        Accept(Open("late"));
        Accept(Open("queued"));
        await CarriedOutAsync("begun late");

        // The hello is written while one request of the former server is under way and another waits.
        Welcome("server-2", "told");
        Accept(Open("new"));
        _held["late"].SetResult();

        await CarriedOutAsync("OpenTransport late", "CloseTransport late", "OpenTransport new");
        Assert.Equal(["told", "new"], _transports);
        Assert.Equal(["told", "new"], await AnsweredAsync(2));
    }

    [Fact]
    public async Task The_same_server_finds_everything_that_it_asked_for()
    {
        Welcome("server-1");
        _held["late"] = new TaskCompletionSource();
        Accept(Open("late"));
        Accept(Open("queued"));
        await CarriedOutAsync("begun late");
        _link.Close();
        _link.BeginHello();
        _link.Open(new NodeWelcome { ServerInstanceId = "server-1", Resumed = true }, _sent.Writer);
        _held["late"].SetResult();

        await CarriedOutAsync("OpenTransport late", "OpenTransport queued");
        Assert.Equal(["late", "queued"], _transports);
    }

    [Fact]
    public async Task A_request_number_of_the_former_server_means_nothing_to_the_new_one()
    {
        Welcome("server-1");
        Accept(Open("one", id: "1"));
        await CarriedOutAsync("OpenTransport one");
        Welcome("server-2", "one");
        Accept(Open("two", id: "1"));

        await CarriedOutAsync("OpenTransport two");
        Assert.Equal(["one", "two"], _transports);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static Request Open(string transport, string? id = null) => new()
    {
        Id = id ?? transport,
        OpenTransport = new OpenTransport { TransportId = transport, Room = "project/room" },
    };

    private void Welcome(string server, params string[] told)
    {
        _link.Close();
        _link.BeginHello();
        _link.Open(new NodeWelcome { ServerInstanceId = server }, _sent.Writer);
        _desk.StartAnew(told.ToHashSet());
    }

    private void Accept(Request request) => _desk.Accept(request, _link.Epoch);

    private async Task<Response> CarryOutAsync(Request request)
    {
        string transport = request.OpenTransport?.TransportId ?? request.CloseTransport.TransportId;
        if (request.OpenTransport is null)
        {
            _transports.Remove(transport);
        }
        else
        {
            if (_held.TryGetValue(transport, out TaskCompletionSource? held))
            {
                _carriedOut.Writer.TryWrite($"begun {transport}");
                await held.Task;
            }

            _transports.Add(transport);
        }

        _carriedOut.Writer.TryWrite($"{request.CommandCase} {transport}");
        return new Response();
    }

    private async Task CarriedOutAsync(params string[] expected)
    {
        foreach (string step in expected)
        {
            Assert.Equal(step, await _carriedOut.Reader.ReadAsync().AsTask().WaitAsync(NodeUnderTest.Patience));
        }
    }

    private async Task<List<string>> AnsweredAsync(int count)
    {
        var answered = new List<string>();
        while (answered.Count < count)
        {
            ControlFrame frame = await _sent.Reader.ReadAsync().AsTask().WaitAsync(NodeUnderTest.Patience);
            answered.Add(frame.Response.Id);
        }

        return answered;
    }
}

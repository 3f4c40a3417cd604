using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Telemetry;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>Dials the control plane, for ever: says hello, takes requests, reports load each second, dials again.</summary>
/// <param name="hello">Makes the hello with the snapshot of all transports; called once per connection.</param>
/// <param name="load">Makes the report of each second.</param>
public sealed class ControlAgent(
    NodeOptions options,
    ControlLink link,
    RequestDesk desk,
    Func<NodeHello> hello,
    Func<NodeLoad> load,
    ILogger<ControlAgent> logger)
{
    private static readonly TimeSpan LoadInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    private int _attempt;

    /// <summary>Runs until cancelled; a server that is away or refuses is only a reason to wait.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task work = desk.RunAsync(ending.Token);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(stop).ConfigureAwait(false);
                ControlLog.Lost(logger, options.Server, "closed by the server");
            }
            catch (Exception failure) when (IsOfTheConnection(failure) && !stop.IsCancellationRequested)
            {
                Tell(failure);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            finally
            {
                link.Close();
            }

            await Task.Delay(Backoff.Delay(_attempt++), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool IsOfTheConnection(Exception failure) =>
        failure is WebSocketException or HttpRequestException or IOException or InvalidDataException or OperationCanceledException
            or TimeoutException or InvalidOperationException;

    private async Task ConnectAsync(CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {options.Secret}");
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = Patience;
        using (var dialling = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            dialling.CancelAfter(Patience);
            await socket.ConnectAsync(options.Server, dialling.Token).ConfigureAwait(false);
        }

        using var connection = new ControlConnection(socket);
        string instance = link.BeginHello();
        NodeHello greeting = hello();
        greeting.ServerInstanceId = instance;
        NodeWelcome? welcome = await GreetAsync(connection, greeting, stop).ConfigureAwait(false);
        if (welcome is null)
        {
            return;
        }

        _attempt = 0;
        Channel<ControlFrame> outgoing = Channel.CreateUnbounded<ControlFrame>(new UnboundedChannelOptions { SingleReader = true });
        link.Open(welcome, outgoing.Writer);
        if (!welcome.Resumed)
        {
            desk.StartAnew(greeting.Transports.Select(static transport => transport.TransportId).ToHashSet(StringComparer.Ordinal));
        }

        ControlLog.Opened(logger, options.Server, welcome.ServerInstanceId, welcome.Resumed);
        await ExchangeAsync(connection, outgoing.Reader, stop).ConfigureAwait(false);
    }

    private static async Task<NodeWelcome?> GreetAsync(ControlConnection connection, NodeHello greeting, CancellationToken stop)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        waiting.CancelAfter(Patience);
        await connection.SendAsync(new ControlFrame { Hello = greeting }, waiting.Token).ConfigureAwait(false);
        ControlFrame? answer = await connection.ReceiveAsync(waiting.Token).ConfigureAwait(false);
        if (answer is null)
        {
            return null;
        }

        if (answer.BodyCase != ControlFrame.BodyOneofCase.Welcome)
        {
            throw new InvalidDataException("the server did not answer the hello with a welcome");
        }

        if (answer.Welcome.Refused.Length > 0)
        {
            throw new InvalidDataException($"refused: {answer.Welcome.Refused}");
        }

        return answer.Welcome;
    }

    // Whichever direction breaks first ends the other two.
    private async Task ExchangeAsync(ControlConnection connection, ChannelReader<ControlFrame> outgoing, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] directions =
        [
            connection.PumpAsync(outgoing, ending.Token),
            TakeInAsync(connection, ending.Token),
            ReportLoadAsync(ending.Token),
        ];
        Task first = await Task.WhenAny(directions).ConfigureAwait(false);
        link.Close();
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(directions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task TakeInAsync(ControlConnection connection, CancellationToken stop)
    {
        while (await connection.ReceiveAsync(stop).ConfigureAwait(false) is { } frame)
        {
            if (link.Accept(frame, out int epoch) && frame.BodyCase == ControlFrame.BodyOneofCase.Request)
            {
                desk.Accept(frame.Request, epoch);
            }
        }
    }

    private async Task ReportLoadAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LoadInterval);
        do
        {
            link.Report(load());
        }
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
    }

    // A server that is restarting is told of once, not at each attempt.
    private void Tell(Exception failure)
    {
        string reason = failure.InnerException is { } inner ? $"{failure.Message} ({inner.Message})" : failure.Message;
        if (failure is InvalidDataException)
        {
            ControlLog.Refused(logger, options.Server, reason);
        }
        else if (link.ServerInstanceId.Length > 0 && _attempt == 0)
        {
            ControlLog.Lost(logger, options.Server, reason);
        }
        else if (_attempt == 0)
        {
            ControlLog.Unreachable(logger, options.Server, reason);
        }
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Telemetry;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>
/// Carries out requests one after the other, in the order in which they came, and answers each id once and for all: a
/// repeated id gets the response that it got before. What a server asked for dies with that server.
/// </summary>
/// <param name="transports">The ids of the transports that are on the node now.</param>
public sealed class RequestDesk(
    Func<Request, Task<Response>> carryOut, Func<IReadOnlyCollection<string>> transports, ControlLink link, ILogger logger)
{
    /// <summary>Responses remembered.</summary>
    public const int Remembered = 1_024;

    private readonly Channel<Work> _waiting = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, Response> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Accept(Request request, int epoch) => _waiting.Writer.TryWrite(new Work.Asked(request, epoch));

    /// <summary>
    /// Another server process welcomed the node; call it before its first request is accepted. What the former one asked for
    /// and was not begun is dropped. A transport that came to be after the hello was written is closed: nobody knows of it.
    /// </summary>
    /// <param name="told">The transports in that hello.</param>
    public void StartAnew(IReadOnlySet<string> told) => _waiting.Writer.TryWrite(new Work.NewServer(told));

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (Work work in _waiting.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            switch (work)
            {
                // The server that asked is gone, and nobody knows what the new one would make of it.
                case Work.Asked asked when asked.Epoch == link.Epoch:
                    await CarryOutAsync(asked.Request, asked.Epoch).ConfigureAwait(false);
                    break;
                case Work.NewServer server:
                    await ForgetFormerAsync(server.Told).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task CarryOutAsync(Request request, int epoch)
    {
        if (!_answers.TryGetValue(request.Id, out Response? response))
        {
            response = await AnswerAsync(request).ConfigureAwait(false);
            Remember(request.Id, response);
        }

        link.Respond(epoch, response);
    }

    // In its turn: a request that was under way at the welcome has ended by now, and none of the new server has begun.
    private async Task ForgetFormerAsync(IReadOnlySet<string> told)
    {
        _answers.Clear();
        _order.Clear();
        foreach (string id in transports().Where(id => !told.Contains(id)))
        {
            ControlLog.ClosedUntold(logger, id);
            var close = new CloseTransport { TransportId = id, Reason = "the server that asked for it is gone" };
            await AnswerAsync(new Request { Id = $"untold {id}", CloseTransport = close }).ConfigureAwait(false);
        }
    }

    private async Task<Response> AnswerAsync(Request request)
    {
        string command = request.CommandCase.ToString();
        Response response;
        try
        {
            response = await carryOut(request).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A defect must cost one request, never the node; the full text stays in the log.
            ControlLog.RequestFailed(logger, request.Id, command, failure);
            response = new Response { Error = new Error { Code = "internal", Message = "the media node failed to carry out the request" } };
        }

        response.Id = request.Id;
        if (response.Error is { } error)
        {
            ControlLog.RequestRefused(logger, request.Id, command, error.Code, error.Message);
        }

        return response;
    }

    private void Remember(string id, Response response)
    {
        if (_order.Count == Remembered)
        {
            _answers.Remove(_order.Dequeue());
        }

        _answers.Add(id, response);
        _order.Enqueue(id);
    }

    private abstract record Work
    {
        public sealed record Asked(Request Request, int Epoch) : Work;

        public sealed record NewServer(IReadOnlySet<string> Told) : Work;
    }
}

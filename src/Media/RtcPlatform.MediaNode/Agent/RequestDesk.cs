using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Telemetry;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>
/// Carries out requests one after the other, in the order in which they came, and answers each id once and for all: a
/// repeated id gets the response that it got before.
/// </summary>
public sealed class RequestDesk(Func<Request, Task<Response>> carryOut, ControlLink link, ILogger logger)
{
    /// <summary>Responses remembered.</summary>
    public const int Remembered = 1_024;

    private readonly Channel<(Request Request, int Epoch)> _waiting = Channel.CreateUnbounded<(Request, int)>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<string, Response> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Accept(Request request, int epoch) => _waiting.Writer.TryWrite((request, epoch));

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach ((Request request, int epoch) in _waiting.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            // The server that asked is gone, and nobody knows what the new one would make of it.
            if (epoch != link.Epoch)
            {
                continue;
            }

            if (!_answers.TryGetValue(request.Id, out Response? response))
            {
                response = await AnswerAsync(request).ConfigureAwait(false);
                Remember(request.Id, response);
            }

            link.Respond(epoch, response);
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
}

using System.Threading.Channels;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Signaling.Translation;

namespace RtcPlatform.Signaling.Connections;

/// <summary>
/// What one client is still to be told, in order. Filled by the participant grain through an observer reference, which is held
/// weakly by the runtime: the connection holds the outbox.
/// </summary>
internal sealed class EventOutbox : IParticipantObserver
{
    /// <summary>For the client to close by itself after its last message; an abort could overtake that message.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly Channel<ParticipantEvent> _events;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IRoomClient _client;
    private readonly Action<string> _close;
    private readonly TimeProvider _time;

    /// <param name="close">Ends the connection; the text says why, for the log.</param>
    public EventOutbox(IRoomClient client, int capacity, TimeProvider time, Action<string> close)
    {
        _events = Channel.CreateBounded<ParticipantEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _client = client;
        _close = close;
        _time = time;
    }

    public Task Deliver(ParticipantEvent message)
    {
        if (!_events.Writer.TryWrite(message) && !_events.Reader.Completion.IsCompleted)
        {
            _close("events overflowed");
        }

        return Task.CompletedTask;
    }

    /// <summary>From now on events are sent; before, they wait.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Sends until the connection ends.</summary>
    public async Task Run(CancellationToken connectionEnded)
    {
        try
        {
            await _opened.Task.WaitAsync(connectionEnded);
            await foreach (ParticipantEvent next in _events.Reader.ReadAllAsync(connectionEnded))
            {
                await Send(next);
                if (next is DisconnectedEvent last)
                {
                    await Task.Delay(ClosingTime, _time, connectionEnded);
                    _close($"disconnected: {last.Reason}");
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (connectionEnded.IsCancellationRequested)
        {
            // The client is gone; what waited for it is told again after a resume.
        }
    }

    private Task Send(ParticipantEvent next) => next switch
    {
        RoomChangedEvent changed => _client.RoomChanged(ToClient.Change(changed.Delta)),
        NegotiationNeededEvent needed => _client.NegotiationNeeded(
            new NegotiationRequest(needed.AddAudioSections, needed.AddVideoSections)),
        TransportLostEvent lost => _client.TransportLost(new TransportLoss(lost.Reason)),
        DisconnectedEvent last => _client.Disconnected(new Disconnection(ToClient.Reason(last.Reason))),

        // The client sees its own transport first.
        TransportChangedEvent => Task.CompletedTask,
        _ => throw new InvalidOperationException($"{next.GetType().Name} has no message to the client"),
    };
}

using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Delivery;

namespace RtcPlatform.Grains.Participant;

/// <summary>The way to a client: one connection of one edge, told in order, never waited for.</summary>
internal sealed class EdgeConnection
{
    /// <summary>Events that may wait; a client that is so far behind is better off with a resume and a snapshot.</summary>
    private const int Capacity = 1_000;

    private readonly OrderedSender<ParticipantEvent> _sender;
    private readonly Action<EdgeConnection, Exception?> _lost;

    /// <param name="lost">Told once when the edge cannot be reached; the argument is null when it is merely too slow.</param>
    public EdgeConnection(string connectionId, IParticipantObserver observer, Action<EdgeConnection, Exception?> lost)
    {
        ConnectionId = connectionId;
        _lost = lost;
        _sender = new OrderedSender<ParticipantEvent>(observer.Deliver, exception => Lose(exception), Capacity);
    }

    public string ConnectionId { get; }

    public bool IsLost { get; private set; }

    public void Tell(ParticipantEvent message)
    {
        if (!IsLost && !_sender.TryPost(message))
        {
            Lose(null);
        }
    }

    /// <summary>The last message.</summary>
    public void Disconnect(DisconnectReason reason)
    {
        Tell(new DisconnectedEvent(reason));
        _sender.Complete();
        IsLost = true;
    }

    /// <summary>Nobody is to hear anything further here.</summary>
    public void Drop()
    {
        IsLost = true;
        _sender.Stop();
    }

    private void Lose(Exception? exception)
    {
        if (!IsLost)
        {
            Drop();
            _lost(this, exception);
        }
    }
}

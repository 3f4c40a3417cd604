using Microsoft.AspNetCore.SignalR;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Signaling.Connections;

/// <summary>
/// One client's connection: whose it is, and what it is to be told. Holds the outbox strongly for as long as it lives. The
/// connection may end while its join is still on the way to the room, hence the states.
/// </summary>
internal sealed class ClientConnection(EventOutbox outbox, IParticipantObserver observer, CallBudget budget, ITimer joinDeadline)
{
    private enum Phase
    {
        Fresh,
        Joining,
        Joined,
        Over,
    }

    private readonly Lock _gate = new();
    private Phase _phase = Phase.Fresh;

    public EventOutbox Outbox { get; } = outbox;

    /// <summary>What the grain is given to reach the outbox.</summary>
    public IParticipantObserver Observer { get; } = observer;

    public CallBudget Budget { get; } = budget;

    public IParticipantGrain? Participant { get; private set; }

    public static ClientConnection Of(HubCallerContext context) =>
        context.Items.TryGetValue(typeof(ClientConnection), out object? found) && found is ClientConnection connection
            ? connection
            : throw new InvalidOperationException("the connection was never opened");

    public bool IsJoined
    {
        get
        {
            lock (_gate)
            {
                return _phase == Phase.Joined;
            }
        }
    }

    /// <summary>Neither joined nor about to.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _phase == Phase.Fresh;
            }
        }
    }

    /// <returns>False when the connection has joined, or is about to.</returns>
    public bool TryBeginJoin()
    {
        lock (_gate)
        {
            if (_phase != Phase.Fresh)
            {
                return false;
            }

            _phase = Phase.Joining;
            return true;
        }
    }

    /// <summary>The join was refused; another may be tried until the deadline.</summary>
    public void RefuseJoin()
    {
        lock (_gate)
        {
            _phase = _phase == Phase.Joining ? Phase.Fresh : _phase;
        }
    }

    /// <returns>False when the connection ended meanwhile: nobody will ever hear of this join.</returns>
    public bool TryCompleteJoin(IParticipantGrain participant)
    {
        lock (_gate)
        {
            if (_phase != Phase.Joining)
            {
                return false;
            }

            _phase = Phase.Joined;
            Participant = participant;
        }

        joinDeadline.Dispose();
        return true;
    }

    /// <returns>The participant that lost its edge by this; null when there is none, or it left before.</returns>
    public IParticipantGrain? End()
    {
        joinDeadline.Dispose();
        lock (_gate)
        {
            bool joined = _phase == Phase.Joined;
            _phase = Phase.Over;
            return joined ? Participant : null;
        }
    }
}

using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// One look at the deadlines of a shard: of the peers whose time has come, and of all rooms. A defect met in one of them costs that peer (or that room's
/// peers) alone: the others are served in the same round. The shard's thread only.
/// </summary>
internal sealed class DeadlineRound(Shard shard, TransportTable transports, TransportLifecycle life)
{
    // The list of transports must not change while it is walked, so what follows from a deadline is done afterwards.
    private readonly List<int> _due = [];
    private readonly List<ShardTransport> _changed = [];
    private readonly List<(ShardTransport Transport, Exception Failure)> _broken = [];
    private BatchSink _sink = shard.Sink;

    public void Handle(MonoTime now)
    {
        _due.Clear();
        transports.Due.Collect(now, _due);
        foreach (int slot in _due)
        {
            ShardTransport transport = transports.All[slot];
            try
            {
                Serve(now, transport);
            }
            catch (Exception failure)
            {
                _broken.Add((transport, failure));
            }
        }

        foreach (ShardTransport transport in _changed)
        {
            Settle(now, transport);
        }

        _changed.Clear();
        ServeRooms(now);
        BreakAll();
        shard.Timers.Touch(transports.Due.Soonest());
    }

    /// <summary>A defect was met while a room's packets were sent: its peers end, the other rooms go on.</summary>
    public void BreakRoom(Router router, Exception failure)
    {
        AddRoom(router, failure);
        BreakAll();
    }

    private void BreakAll()
    {
        foreach ((ShardTransport transport, Exception failure) in _broken)
        {
            life.Break(transport, failure);
        }

        _broken.Clear();
    }

    private static bool IsLate(MonoTime now, ShardTransport transport) =>
        !transport.WasConnected && now >= transport.WaitsSince + TransportLifecycle.ConnectTimeout;

    private void Serve(MonoTime now, ShardTransport transport)
    {
        if (transport.Peer.NextDeadline <= now)
        {
            transport.Peer.HandleTimeout(now, ref _sink);
        }

        if (IsLate(now, transport) || transport.Peer.State != transport.Told)
        {
            _changed.Add(transport);
        }

        MonoTime late = transport.WasConnected ? MonoTime.Never : transport.WaitsSince + TransportLifecycle.ConnectTimeout;
        transports.Due.Set(transport.Slot, MonoTime.Min(transport.Peer.NextDeadline, late));
    }

    private void Settle(MonoTime now, ShardTransport transport)
    {
        try
        {
            if (transport.Peer.State != transport.Told)
            {
                life.Consider(now, transport);
            }
            else if (IsLate(now, transport))
            {
                life.Expire(transport);
            }
        }
        catch (Exception failure)
        {
            _broken.Add((transport, failure));
        }
    }

    private void ServeRooms(MonoTime now)
    {
        var output = new ForwardOutput(shard, now);
        foreach (Router router in transports.Routers)
        {
            try
            {
                if (router.NextDeadline <= now)
                {
                    router.HandleTimeout(now, ref output);
                }

                shard.Timers.Touch(router.NextDeadline);
            }
            catch (Exception failure)
            {
                AddRoom(router, failure);
            }
        }
    }

    private void AddRoom(Router router, Exception failure)
    {
        foreach (ShardTransport transport in transports.All)
        {
            if (ReferenceEquals(transport.Router, router))
            {
                _broken.Add((transport, failure));
            }
        }
    }
}

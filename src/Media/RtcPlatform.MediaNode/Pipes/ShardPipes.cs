using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Pipes;

/// <summary>
/// A shard's ends of the pipes: hands packets to other shards and takes in theirs. The shard's thread, but for the members
/// that say otherwise.
/// </summary>
internal sealed class ShardPipes(Shard.Shard shard, RoomPipes rooms, TransportTable transports)
{
    // Those that were written to since they were last woken; a shard is woken once for all that a turn writes.
    private readonly List<ShardPipes> _written = [];
    private PipeRing[] _inlets = [];
    private int _isAsleep;

    /// <summary>Packets that were under way when their track was not wanted any more.</summary>
    public DropCounters Drops { get; } = new();

    /// <summary>Packets that other shards handed over.</summary>
    public ulong Received { get; private set; }

    public RoomPipes Rooms => rooms;

    /// <summary>Hands a packet over. False = there is no room on the way.</summary>
    public bool Relay(Pipe pipe, int layer, scoped in IncomingRtp packet)
    {
        Note(pipe.To);
        return pipe.Forth.TryWrite(pipe, layer, packet);
    }

    /// <summary>Tells the shards that have a track through us of the publisher's clocks. One that misses it hears the next.</summary>
    public void Report(Layer layer, in SenderClock clock)
    {
        foreach (object outlet in layer.Producer.Outlets)
        {
            var pipe = (Pipe)outlet;
            Note(pipe.To);
            _ = pipe.Forth.TryWrite(pipe, layer.Index, clock);
        }
    }

    /// <summary>Asks the shard that has a track for a key frame; the router asks again until one comes.</summary>
    public void RequestKeyFrame(Pipe pipe, int layer)
    {
        Note(pipe.Origin.At);
        _ = pipe.Back.TryWriteKeyFrameRequest(pipe, layer);
    }

    /// <summary>Takes in what other shards have handed over by now.</summary>
    /// <param name="broken">Called with a room in which a defect was met; the others are served.</param>
    public void Drain(MonoTime now, Action<Router, Exception> broken)
    {
        foreach (PipeRing inlet in Volatile.Read(ref _inlets))
        {
            for (int left = inlet.Count; left > 0 && inlet.TryRead(out PipeMessage message); left--)
            {
                Router? router = message.Kind == PipeMessageKind.KeyFrameRequest ? message.Pipe.Origin.Router : message.Pipe.Room;
                try
                {
                    Take(now, router, message);
                }
                catch (Exception failure) when (router is not null)
                {
                    broken(router, failure);
                }
                finally
                {
                    inlet.Release();
                }
            }
        }
    }

    /// <summary>Before the shard waits for datagrams. False = there is something to drain.</summary>
    public bool TryFallAsleep()
    {
        if (Volatile.Read(ref _inlets).Length == 0)
        {
            return true;
        }

        // First this, then the look: a writer does it the other way round, so one of the two sees the other.
        Interlocked.Exchange(ref _isAsleep, 1);
        foreach (PipeRing inlet in _inlets)
        {
            if (!inlet.IsEmpty)
            {
                WakeUp();
                return false;
            }
        }

        return true;
    }

    /// <summary>After the wait.</summary>
    public void WakeUp() => Volatile.Write(ref _isAsleep, 0);

    /// <summary>Wakes the shards that were written to and wait for datagrams.</summary>
    public void WakeOthers()
    {
        if (_written.Count == 0)
        {
            return;
        }

        Interlocked.MemoryBarrier();
        foreach (ShardPipes other in _written)
        {
            other.WakeIfAsleep();
        }

        _written.Clear();
    }

    /// <summary>Adds what another shard writes to. Under the lock of <see cref="RoomPipes"/>, before anything is written.</summary>
    public void AddInlet(PipeRing ring) => Volatile.Write(ref _inlets, [.. _inlets, ring]);

    /// <summary>Has a track taken in here, then has the shard that has it hand it over. Any thread.</summary>
    public void PostOpen(Pipe pipe, bool isPaused) => shard.Post(_ => Open(pipe, isPaused));

    /// <summary>Ends both. Any thread.</summary>
    public void PostClose(Pipe pipe)
    {
        shard.Post(_ => Close(pipe));
        pipe.Origin.At.PostDetach(pipe);
    }

    /// <summary>Mutes or unmutes the copy. Any thread.</summary>
    public void PostPaused(Pipe pipe, bool isPaused) => shard.Post(_ =>
    {
        if (pipe.Room is { } room)
        {
            MonoTime now = Net.Clocks.MonoClock.Now;
            var output = new ForwardOutput(shard, now);
            room.SetPaused(now, pipe.Copy, isPaused, ref output);
        }
    });

    private void PostAttach(Pipe pipe) => shard.Post(_ => Attach(pipe));

    private void PostDetach(Pipe pipe) => shard.Post(_ => pipe.Origin.Producer.Detach(pipe));

    private void Open(Pipe pipe, bool isPaused)
    {
        if (!pipe.IsClosed && transports.FindRoom(pipe.Origin.Router.Room) is { } room)
        {
            pipe.Room = room;
            room.Add(pipe.Copy, isPaused);
            pipe.Origin.At.PostAttach(pipe);
        }
    }

    private static void Close(Pipe pipe)
    {
        pipe.Room?.Remove(pipe.Copy);
        pipe.Room = null;
    }

    // A closing that came first has been here already.
    private void Attach(Pipe pipe)
    {
        if (pipe.IsClosed)
        {
            return;
        }

        pipe.Origin.Producer.Attach(pipe);
        foreach (Layer layer in pipe.Origin.Producer.Layers)
        {
            if (layer.Endpoint is LayerSource source && source.TryGetClock(out SenderClock clock))
            {
                Note(pipe.To);
                _ = pipe.Forth.TryWrite(pipe, layer.Index, clock);
            }
        }
    }

    private void Take(MonoTime now, Router? router, scoped in PipeMessage message)
    {
        Pipe pipe = message.Pipe;
        if (message.Kind == PipeMessageKind.Packet)
        {
            Received++;
        }

        if (router is null)
        {
            Drops.Count(DropReason.NoConsumer, message.Kind == PipeMessageKind.Packet ? 1UL : 0);
            return;
        }

        var output = new ForwardOutput(shard, now);
        switch (message.Kind)
        {
            case PipeMessageKind.Packet:
                Layer layer = pipe.Copy.Layers[message.Layer];
                router.Counters.Piped++;
                router.Receive(now, layer, message.Packet, ref output);
                ((PipedEndpoint)layer.Endpoint!).Heard(message.Packet.Ssrc);
                shard.Outbox.Add(router);
                break;
            case PipeMessageKind.SenderReport:
                Layer reported = pipe.Copy.Layers[message.Layer];
                ((PipedEndpoint)reported.Endpoint!).Clock = message.Clock;
                Router.Report(reported, new(message.Clock.Ntp.Value, message.Clock.RtpTimestamp), ref output);
                break;
            case PipeMessageKind.KeyFrameRequest:
                router.RequestKeyFrame(now, pipe.Origin.Producer.Layers[message.Layer], ref output);
                shard.Timers.Touch(router.NextDeadline);
                break;
        }
    }

    private void Note(ShardPipes other)
    {
        if (!_written.Contains(other))
        {
            _written.Add(other);
        }
    }

    private void WakeIfAsleep()
    {
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            shard.Wake();
        }
    }
}

using RtcPlatform.Forwarding.Caching;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Consumers;

/// <summary>
/// One subscriber's view of one track: decides for each packet, and rewrites SSRC, sequence number, timestamp and payload
/// type. It lives as long as the subscriber's section, whether the track is being published or not, so that the
/// subscriber sees one continuous stream.
/// </summary>
public sealed class Consumer
{
    private readonly ResendRegister _resends = new();
    private SequenceMunger _sequence;
    private TimestampMunger _timestamp;
    private CodecBinding? _published;
    private byte _payloadType;
    private bool _isMapped;

    /// <param name="trackSid">The track to receive; it need not exist yet.</param>
    /// <param name="kind">What the section carries.</param>
    /// <param name="ssrc">The source that the answer announced.</param>
    /// <param name="firstSequence">A random number, 0 to 32767.</param>
    public Consumer(string trackSid, MediaKind kind, uint ssrc, ushort firstSequence)
    {
        TrackSid = trackSid;
        Kind = kind;
        Ssrc = ssrc;
        _sequence = new SequenceMunger(firstSequence);
    }

    /// <summary>The track to receive. Changed only while no router has the consumer; its numbers go on without a gap.</summary>
    public string TrackSid { get; set; }

    public MediaKind Kind { get; }

    public uint Ssrc { get; }

    /// <summary>Null while nobody publishes the track.</summary>
    public Producer? Producer { get; private set; }

    /// <summary>The layer that is being forwarded; null while waiting for a key frame or paused.</summary>
    public Layer? Current { get; private set; }

    /// <summary>The subscriber wants none above it, 0 = the lowest; by default there is no limit.</summary>
    public int HighestLayer { get; private set; } = Producer.MostLayers - 1;

    /// <summary>For another track. Only while no router has the consumer.</summary>
    public void Unlimit() => HighestLayer = Producer.MostLayers - 1;

    public PauseReasons Paused { get; private set; }

    /// <summary>The stream that the packets go to; the shard's own.</summary>
    public object? Endpoint { get; set; }

    public ulong Forwarded { get; private set; }

    public DropCounters Drops { get; } = new();

    /// <summary>Added to the timestamps of the layer that is being forwarded.</summary>
    public uint TimestampOffset => _timestamp.Offset;

    internal void Pause(PauseReasons reason) => Paused |= reason;

    /// <summary>Takes one reason back; when none is left, video starts again at the next key frame.</summary>
    internal void Resume(MonoTime now, PauseReasons reason)
    {
        Paused &= ~reason;
        WantKeyFrameWhenWaiting(now);
    }

    /// <summary>What is received goes on until the layer that is wanted from now on has a key frame, which is asked for.</summary>
    internal void Limit(MonoTime now, int highestLayer)
    {
        HighestLayer = highestLayer;
        if (Current is { } current && Producer!.HighestAlive(now, highestLayer) is var target && !ReferenceEquals(current, target))
        {
            target.WantKeyFrame();
        }
    }

    /// <summary>A video consumer that could be receiving and is not needs a key frame of the best layer.</summary>
    internal void WantKeyFrameWhenWaiting(MonoTime now)
    {
        if (Kind == MediaKind.Video && Current is null && Paused == PauseReasons.None
            && Producer is { IsStarted: true, IsPaused: false } producer)
        {
            producer.HighestAlive(now, HighestLayer).WantKeyFrame();
        }
    }

    /// <summary>The subscriber negotiated anew: its payload types may have changed.</summary>
    public void ForgetCodec() => _published = null;

    /// <summary>The subscriber lost a picture (PLI or FIR).</summary>
    internal void KeyFrameRequested(MonoTime now)
    {
        if (Kind == MediaKind.Video && Current is { } current)
        {
            current.WantKeyFrame();
        }
        else
        {
            WantKeyFrameWhenWaiting(now);
        }
    }

    /// <summary>The same moment on NTP's and the outgoing media clock, for this subscriber's sender reports.</summary>
    public ClockReference OutgoingClock =>
        Current is { Clock.IsNone: false } layer ? new(layer.Clock.Ntp, layer.Clock.Rtp + _timestamp.Offset) : default;

    internal void Attach(Producer producer) => Producer = producer;

    internal void Detach()
    {
        if (Producer is null)
        {
            return;
        }

        foreach (Layer layer in Producer.Layers)
        {
            Forget(layer);
        }

        Producer = null;
        _published = null;
    }

    /// <summary>The layer's numbers mean nothing any more.</summary>
    internal void Forget(Layer layer)
    {
        _sequence.Forget(layer);
        _timestamp.Forget(layer);
        if (ReferenceEquals(Current, layer))
        {
            Current = null;
        }
    }

    internal void Report(Layer layer) => _timestamp.Report(layer, layer.Clock);

    /// <summary>Fills in this subscriber's numbers, or says why the packet is not for it.</summary>
    internal DropReason Decide<TOutput>(
        MonoTime now, in WaitingPacket packet, scoped ref OutgoingRtp outgoing, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        Layer layer = packet.Layer;
        DropReason withheld = Withheld(packet.Codec, ref output);
        if (withheld != DropReason.None)
        {
            Stop();
            return withheld;
        }

        if (!ReferenceEquals(Current, layer) && !TrySwitch(now, packet, out DropReason refusal, ref output)
            && !_sequence.TryMap(layer, packet.ExtendedSequence, out _, out _))
        {
            return refusal;
        }

        if (!_sequence.TryMap(layer, packet.ExtendedSequence, out ulong sequence, out uint offset))
        {
            return DropReason.BeforeSwitch;
        }

        outgoing.Ssrc = Ssrc;
        outgoing.ExtendedSequence = sequence;
        outgoing.Timestamp = packet.Timestamp + offset;
        outgoing.PayloadType = _payloadType;
        _timestamp.Sent(now, outgoing.Timestamp);
        Forwarded++;
        return DropReason.None;
    }

    internal void Refuse(DropReason reason, ulong packets)
    {
        Drops.Count(reason, packets);
        Stop();
    }

    /// <summary>Finds what the subscriber did not get.</summary>
    internal ResendResult Find(MonoTime now, ushort sequence, out OutgoingRtp packet)
    {
        packet = default;
        ulong extended = _sequence.Extend(sequence);
        if (!_sequence.TryFind(extended, out object? source, out ulong incoming, out uint offset))
        {
            return ResendResult.NotSent;
        }

        CacheResult found = ((Layer)source!).Cache.Find(incoming, out CachedPacket cached);
        if (found != CacheResult.Found)
        {
            return found == CacheResult.NeverArrived ? ResendResult.NeverArrived : ResendResult.CacheMiss;
        }

        if (!ReferenceEquals(cached.Codec, _published))
        {
            return ResendResult.CacheMiss;
        }

        if (!_resends.TryRegister(now, extended))
        {
            return ResendResult.Throttled;
        }

        packet.Ssrc = Ssrc;
        packet.ExtendedSequence = extended;
        packet.Timestamp = cached.Timestamp + offset;
        packet.PayloadType = _payloadType;
        packet.Marker = cached.Marker;
        packet.Payload = cached.Payload;
        packet.Extensions = cached.Extensions;
        return ResendResult.Found;
    }

    private DropReason Withheld<TOutput>(CodecBinding codec, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        if (Paused != PauseReasons.None)
        {
            return (Paused & PauseReasons.Subscriber) != 0 ? DropReason.ConsumerPaused : DropReason.NotConnected;
        }

        if (!ReferenceEquals(codec, _published))
        {
            _isMapped = output.TryMapCodec(this, codec, out CodecBinding mine);
            _payloadType = _isMapped ? mine.PayloadType : (byte)0;
            _published = codec;
        }

        return _isMapped ? DropReason.None : DropReason.CodecNotNegotiated;
    }

    // Any layer up to the target will do to start with; then to the target as soon as it has a key frame.
    private bool TrySwitch<TOutput>(
        MonoTime now, in WaitingPacket packet, out DropReason refusal, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        Layer layer = packet.Layer;
        refusal = DropReason.None;
        Layer target = Producer!.HighestAlive(now, HighestLayer);
        if (Kind == MediaKind.Video && !packet.StartsKeyFrame)
        {
            refusal = Current is null ? DropReason.WaitingForKeyFrame : DropReason.LayerNotSelected;
            if (!ReferenceEquals(Current, target))
            {
                target.WantKeyFrame();
            }

            return false;
        }

        if (!ReferenceEquals(layer, target) && (Current is not null || layer.Index > target.Index))
        {
            refusal = DropReason.LayerNotSelected;
            return false;
        }

        uint offset = _timestamp.Start(now, layer, layer.Clock, packet.Timestamp, packet.Codec.ClockRate);
        _sequence.Open(layer, packet.ExtendedSequence, offset);
        Current = layer;
        output.ClockChanged(this);
        return true;
    }

    private void Stop()
    {
        _sequence.Close();
        Current = null;
    }
}

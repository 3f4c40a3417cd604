using System.Diagnostics.CodeAnalysis;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// A room's media: who publishes what, who receives it. A consumer may be added before its producer; they meet by track sid.
/// All calls come from the thread of the room's shard.
/// </summary>
public sealed class Router(string room)
{
    private readonly Dictionary<string, Producer> _producers = new(StringComparer.Ordinal);
    private readonly List<Consumer> _consumers = [];
    private readonly List<Producer> _waiting = [];

    public string Room { get; } = room;

    public IReadOnlyCollection<Producer> Producers => _producers.Values;

    public IReadOnlyList<Consumer> Consumers => _consumers;

    public ForwardCounters Counters { get; } = new();

    /// <summary>Packets were taken in since the last <see cref="Forward"/>.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>When <see cref="HandleTimeout"/> is next needed.</summary>
    public MonoTime NextDeadline { get; private set; } = MonoTime.Never;

    public bool TryFindProducer(string trackSid, [NotNullWhen(true)] out Producer? producer) =>
        _producers.TryGetValue(trackSid, out producer);

    /// <summary>Adds a track; one of the same sid that was there before (the publisher moved) is replaced.</summary>
    /// <param name="producer">The track.</param>
    /// <param name="isPaused">Whether it was muted before it came.</param>
    public void Add(Producer producer, bool isPaused = false)
    {
        producer.IsPaused = isPaused;
        if (_producers.Remove(producer.TrackSid, out Producer? earlier))
        {
            Release(earlier);
        }

        _producers.Add(producer.TrackSid, producer);
        foreach (Consumer consumer in _consumers)
        {
            if (consumer.TrackSid == producer.TrackSid)
            {
                producer.Attach(consumer);
                consumer.Attach(producer);
            }
        }
    }

    /// <summary>Removes a track; its consumers stay and wait. Removing one that was replaced does nothing.</summary>
    public void Remove(Producer producer)
    {
        if (_producers.TryGetValue(producer.TrackSid, out Producer? present) && ReferenceEquals(present, producer))
        {
            _producers.Remove(producer.TrackSid);
            Release(producer);
        }
    }

    public void Add(Consumer consumer)
    {
        _consumers.Add(consumer);
        if (_producers.TryGetValue(consumer.TrackSid, out Producer? producer))
        {
            producer.Attach(consumer);
            consumer.Attach(producer);
            NextDeadline = MonoTime.Zero;
        }
    }

    public void Remove(Consumer consumer)
    {
        _consumers.Remove(consumer);
        consumer.Producer?.Detach(consumer);
        consumer.Detach();
    }

    /// <summary>
    /// Takes a publisher's packet in. It is sent by the next <see cref="Forward"/>, so that the packets that came together go
    /// out together; the spans of <paramref name="packet"/> need not live so long.
    /// </summary>
    public void Receive<TOutput>(MonoTime now, Layer layer, scoped in IncomingRtp packet, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        Producer producer = layer.Producer;
        Counters.Received++;
        if (producer.Waiting.Length == Producer.MostWaiting || (layer.Ssrc != packet.Ssrc && layer.Ssrc != 0))
        {
            // No room; or what waits belongs to a source whose numbers mean nothing from now on.
            Send(now, producer, ref output);
            layer.Restart(packet.Ssrc);
        }

        if (!layer.TryStore(now, packet, out int slot))
        {
            Counters.Drops.Count(DropReason.ArrivedTooLate);
            return;
        }

        if (!producer.IsStarted)
        {
            producer.IsStarted = true;
            output.ProducerStarted(producer, packet.Codec);
        }

        if (!producer.Outlets.IsEmpty)
        {
            Relays.Send(layer, packet, Counters, ref output);
        }

        if (producer.Waiting.IsEmpty && !_waiting.Contains(producer))
        {
            _waiting.Add(producer);
        }

        producer.Wait(new WaitingPacket
        {
            Layer = layer,
            Codec = packet.Codec,
            ExtendedSequence = packet.ExtendedSequence,
            Timestamp = packet.Timestamp,
            Slot = slot,
            StartsKeyFrame = packet.StartsKeyFrame,
        });
    }

    /// <summary>Sends everything that was taken in to everybody who is to have it.</summary>
    public void Forward<TOutput>(MonoTime now, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        foreach (Producer producer in _waiting)
        {
            Send(now, producer, ref output);
        }

        _waiting.Clear();
    }

    /// <summary>Finds what a subscriber's NACK names; everything but <see cref="ResendResult.Found"/> is counted here.</summary>
    public ResendResult Find(MonoTime now, Consumer consumer, ushort sequence, out OutgoingRtp packet)
    {
        ResendResult result = consumer.Find(now, sequence, out packet);
        switch (result)
        {
            case ResendResult.Found:
                Counters.Resent++;
                break;
            case ResendResult.NeverArrived:
                Counters.NeverArrived++;
                break;
            default:
                DropReason reason = result == ResendResult.Throttled ? DropReason.RtxThrottled : DropReason.RtxCacheMiss;
                consumer.Drops.Count(reason);
                Counters.Drops.Count(reason);
                break;
        }

        return result;
    }

    /// <summary>A subscriber lost a picture, or a consumer needs one to start.</summary>
    public void RequestKeyFrame<TOutput>(MonoTime now, Consumer consumer, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        consumer.KeyFrameRequested(now);
        if (consumer.Producer is { } producer)
        {
            AskWhereWanted(now, producer, ref output);
        }
    }

    /// <summary>Another shard, which has this layer through us, needs a key frame of it.</summary>
    public void RequestKeyFrame<TOutput>(MonoTime now, Layer layer, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        layer.WantKeyFrame();
        AskWhereWanted(now, layer.Producer, ref output);
    }

    /// <summary>Withholds everything from a consumer until the reason is taken back.</summary>
    public static void Pause(Consumer consumer, PauseReasons reason) => consumer.Pause(reason);

    /// <summary>Takes one reason back; when none is left, video starts again at the next key frame, which is asked for.</summary>
    public void Resume<TOutput>(MonoTime now, Consumer consumer, PauseReasons reason, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        if ((consumer.Paused & reason) == PauseReasons.None)
        {
            return;
        }

        consumer.Resume(now, reason);
        if (consumer.Producer is { IsStarted: true } producer)
        {
            AskWhereWanted(now, producer, ref output);
        }
    }

    /// <summary>A subscriber wants no layer above this one; the change comes with a key frame, which is asked for.</summary>
    public void Limit<TOutput>(MonoTime now, Consumer consumer, int highestLayer, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        consumer.Limit(now, highestLayer);
        if (consumer.Producer is { } producer)
        {
            AskWhereWanted(now, producer, ref output);
        }
    }

    /// <summary>Mutes or unmutes a track; unmuting asks for a key frame when anybody receives it.</summary>
    public void SetPaused<TOutput>(MonoTime now, Producer producer, bool isPaused, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        producer.IsPaused = isPaused;
        foreach (Consumer consumer in producer.Consumers)
        {
            consumer.WantKeyFrameWhenWaiting(now);
        }

        AskWhereWanted(now, producer, ref output);
    }

    /// <summary>The publisher's sender report: its consumers' reports and layer switches refer to it.</summary>
    public static void Report<TOutput>(Layer layer, ClockReference clock, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        layer.Clock = clock;
        foreach (Consumer consumer in layer.Producer.Consumers)
        {
            consumer.Report(layer);
            if (ReferenceEquals(consumer.Current, layer))
            {
                output.ClockChanged(consumer);
            }
        }
    }

    /// <summary>Asks again for key frames that have not come.</summary>
    public void HandleTimeout<TOutput>(MonoTime now, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        NextDeadline = MonoTime.Never;
        foreach (Consumer consumer in _consumers)
        {
            consumer.WantKeyFrameWhenWaiting(now);
        }

        foreach (Producer producer in _producers.Values)
        {
            AskWhereWanted(now, producer, ref output);
        }
    }

    private void Release(Producer producer)
    {
        Counters.Drops.Count(DropReason.NoConsumer, (ulong)producer.Waiting.Length);
        producer.ClearWaiting();
        while (!producer.Consumers.IsEmpty)
        {
            Consumer consumer = producer.Consumers[^1];
            producer.Detach(consumer);
            consumer.Detach();
        }
    }

    private void Send<TOutput>(MonoTime now, Producer producer, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        if (!producer.Waiting.IsEmpty)
        {
            Fanout.Send(now, producer, Counters, ref output);
            AskWhereWanted(now, producer, ref output);
        }
    }

    private void AskWhereWanted<TOutput>(MonoTime now, Producer producer, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        foreach (Layer layer in producer.Layers)
        {
            if (layer.TryAsk(now))
            {
                Counters.KeyFrameRequests++;
                output.RequestKeyFrame(layer);
            }

            NextDeadline = MonoTime.Min(NextDeadline, layer.NextDeadline);
        }
    }
}

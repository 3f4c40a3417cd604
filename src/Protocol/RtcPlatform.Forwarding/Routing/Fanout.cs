using RtcPlatform.Forwarding.Caching;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// One track's waiting packets to all of its consumers: everything for one, then everything for the next. So each
/// consumer's state and keys are fetched once, and its packets are neighbours that the socket can send as one message.
/// </summary>
internal static class Fanout
{
    // As many as the processor can wait for at once; more would drive each other out of the nearest cache.
    private const int PreparedTogether = 8;

    /// <summary>Sends what waits and counts every packet × consumer once.</summary>
    public static void Send<TOutput>(MonoTime now, Producer producer, ForwardCounters counters, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        ReadOnlySpan<Consumer> consumers = producer.Consumers;
        Span<WaitingPacket> packets = producer.Waiting;
        if (consumers.IsEmpty)
        {
            // What other shards want was relayed when it came.
            counters.Drops.Count(DropReason.NoConsumer, producer.Outlets.IsEmpty ? (ulong)packets.Length : 0);
        }
        else if (producer.IsPaused)
        {
            RefuseAll(consumers, DropReason.ProducerPaused, (ulong)packets.Length, counters);
        }
        else
        {
            Equalize(packets);
            for (; !consumers.IsEmpty; consumers = consumers[Math.Min(PreparedTogether, consumers.Length)..])
            {
                ReadOnlySpan<Consumer> next = consumers[..Math.Min(PreparedTogether, consumers.Length)];
                output.Prepare(next);
                foreach (Consumer consumer in next)
                {
                    SendTo(now, consumer, packets, counters, ref output);
                }
            }
        }

        producer.ClearWaiting();
    }

    private static void SendTo<TOutput>(
        MonoTime now, Consumer consumer, ReadOnlySpan<WaitingPacket> packets, ForwardCounters counters, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        OutgoingRtp outgoing = default;
        foreach (ref readonly WaitingPacket packet in packets)
        {
            DropReason reason = consumer.Decide(now, packet, ref outgoing, ref output);
            if (reason != DropReason.None)
            {
                consumer.Drops.Count(reason);
                counters.Drops.Count(reason);
                continue;
            }

            packet.Layer.Cache.Read(packet.Slot, packet.Padding, ref outgoing);
            output.Send(consumer, outgoing);
            counters.Forwarded++;
            counters.ForwardedBytes += (uint)(outgoing.Payload.Length - packet.Padding);
        }
    }

    /// <summary>
    /// Encoders cut a frame into packets that differ by an octet or two, and only equally long datagrams travel as one message:
    /// the shorter ones of a run are padded to the longest. The last one may be shorter, so it stays as it is.
    /// </summary>
    private static void Equalize(Span<WaitingPacket> packets)
    {
        int start = 0;
        while (start < packets.Length)
        {
            (int end, int longest) = RunFrom(packets, start);
            for (int index = start; index < end - 1; index++)
            {
                ref WaitingPacket packet = ref packets[index];
                PacketCache cache = packet.Layer.Cache;
                packet.Padding = (byte)(longest - cache.Length(packet.Slot));
                if (packet.Padding > 0)
                {
                    cache.Pad(packet.Slot, packet.Padding);
                }
            }

            start = end;
        }
    }

    /// <summary>How far packets differ by no more than what may be padded; the last must not be longer than the others.</summary>
    private static (int End, int Longest) RunFrom(ReadOnlySpan<WaitingPacket> packets, int start)
    {
        Layer layer = packets[start].Layer;
        int longest = layer.Cache.Length(packets[start].Slot);
        int shortest = longest;
        int end = start + 1;
        for (; end < packets.Length && ReferenceEquals(packets[end].Layer, layer); end++)
        {
            int length = layer.Cache.Length(packets[end].Slot);
            int longer = Math.Max(longest, length);
            if (longer - Math.Min(shortest, length) > PacketCache.PaddingRoom)
            {
                // Shorter than all: it may close the run unpadded, when it is what a frame leaves over.
                return length < shortest ? (end + 1, longest) : (end, longest);
            }

            (longest, shortest) = (longer, Math.Min(shortest, length));
        }

        return (end, longest);
    }

    private static void RefuseAll(ReadOnlySpan<Consumer> consumers, DropReason reason, ulong packets, ForwardCounters counters)
    {
        counters.Drops.Count(reason, (ulong)consumers.Length * packets);
        foreach (Consumer consumer in consumers)
        {
            consumer.Refuse(reason, packets);
        }
    }
}

using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// One packet to every other shard that wants its track: at once, and not with the others at the end of the turn, so that
/// those shards can begin while this one forwards.
/// </summary>
internal static class Relays
{
    public static void Send<TOutput>(Layer layer, scoped in IncomingRtp packet, ForwardCounters counters, ref TOutput output)
        where TOutput : struct, IForwardOutput
    {
        Producer producer = layer.Producer;
        if (producer.IsPaused)
        {
            counters.Drops.Count(DropReason.ProducerPaused, (ulong)producer.Outlets.Length);
            return;
        }

        foreach (object outlet in producer.Outlets)
        {
            if (output.Relay(outlet, layer, packet))
            {
                counters.Relayed++;
                continue;
            }

            counters.Drops.Count(DropReason.PipeFull);
            if (producer.Kind == MediaKind.Video)
            {
                // The other shard cannot resend what it never had; the next key frame mends the picture.
                layer.WantKeyFrame();
            }
        }
    }
}

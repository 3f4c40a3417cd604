using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Routing;

/// <summary>
/// What a router asks of its shard. Implement it as a struct: the router takes it as a generic parameter, so that the calls
/// are not virtual.
/// </summary>
public interface IForwardOutput
{
    /// <summary>Finds what the subscriber negotiated for the publisher's codec; asked once per consumer and codec.</summary>
    bool TryMapCodec(Consumer consumer, CodecBinding published, out CodecBinding negotiated);

    /// <summary>These consumers are sent to next: time to have what that takes fetched from memory. May do nothing.</summary>
    void Prepare(ReadOnlySpan<Consumer> consumers);

    /// <summary>Sends one subscriber's copy; the payload is shared and must not be changed.</summary>
    void Send(Consumer consumer, scoped in OutgoingRtp packet);

    /// <summary>Hands a copy to another shard that wants the track; the payload is shared and must not be changed.</summary>
    /// <param name="outlet">As given to <see cref="Producer.Attach(object)"/>.</param>
    /// <returns>False = there is no room on the way.</returns>
    bool Relay(object outlet, Layer layer, scoped in IncomingRtp packet);

    /// <summary>Asks the publisher for a key frame; already throttled.</summary>
    void RequestKeyFrame(Layer layer);

    /// <summary>How the subscriber's timestamps relate to NTP time has changed: a report came, or another layer is sent.</summary>
    void ClockChanged(Consumer consumer);

    /// <summary>The first packet of a published track arrived.</summary>
    void ProducerStarted(Producer producer, CodecBinding codec);
}

using RtcPlatform.Engine;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Forwarding.Consumers;
using RtcPlatform.Forwarding.Munging;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>What one client's RTCP means to the others in its room.</summary>
internal struct RtcpEvents(Shard shard, ShardTransport transport, MonoTime now) : IRtcpEvents
{
    private ForwardOutput _output = new(shard, now);
    private BatchSink _sink = shard.Sink;

    public void OnKeyFrameRequest(SendStream stream)
    {
        if (stream.Owner is Consumer consumer)
        {
            transport.Router.RequestKeyFrame(now, consumer, ref _output);
            shard.Timers.Touch(transport.Router.NextDeadline);
        }
    }

    public void OnNack(SendStream stream, ushort sequenceNumber)
    {
        if (stream.Owner is Consumer consumer
            && transport.Router.Find(now, consumer, sequenceNumber, out OutgoingRtp packet) == ResendResult.Found)
        {
            stream.SendAgain(now, packet, ref _sink);
        }
    }

    public void OnSenderReport(ReceiveStream stream, NtpTime ntp, uint rtpTimestamp, MonoTime arrival)
    {
        if (stream.Owner is ReceiveEndpoint endpoint)
        {
            Router.Report(endpoint.Layer, new ClockReference(ntp.Value, rtpTimestamp), ref _output);
            shard.Pipes.Report(endpoint.Layer, new SenderClock(ntp, rtpTimestamp, arrival));
        }
    }

    // A track ends when signaling says so; a source that says goodbye may be followed by another in the same section.
    public readonly void OnBye(ReceiveStream stream)
    {
    }
}

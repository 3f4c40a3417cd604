using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>ICE, DTLS and SRTP, as any client.</summary>
internal sealed class WebRtcTransport(ClientPeer peer) : LoadTransport
{
    public override TransportPhase Phase => (TransportPhase)peer.Phase;

    public override string FailureReason => peer.FailureReason;

    public override long Undecryptable => peer.Undecryptable;

    public override MonoTime NextDeadline => peer.NextDeadline;

    public override void HandleTimeout(MonoTime now, ref PoolSink sink) => peer.HandleTimeout(now, ref sink);

    public override void HandleDatagram(MonoTime now, Span<byte> datagram, IPeerMedia media, ref PoolSink sink) =>
        peer.HandleDatagram(now, datagram, media, ref sink);

    public override ushort NextTransportSequence() => peer.NextTransportSequence();

    public override void SendRtp(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong extendedSequence, ref PoolSink sink) =>
        peer.SendRtp(header, payload, extendedSequence, ref sink);

    public override void SendRtcp(ReadOnlySpan<byte> compound, ref PoolSink sink) => peer.SendRtcp(compound, ref sink);

    public override void Close(ref PoolSink sink) => peer.Close(ref sink);

    public override void Dispose() => peer.Dispose();
}

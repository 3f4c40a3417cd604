using System.Text;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.Ice;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>A peer under test and a client that writes each packet by hand, to send what a peer of ours never would.</summary>
internal sealed class RawClient : IRtcpEvents
{
    private readonly SrtpSender _sender;
    private readonly SrtpReceiver _receiver;
    private CollectingSink _sink = new();

    public RawClient(PeerPlan plan)
    {
        Peer = new RtcPeer(Plans.Options("node"), MonoTime.Zero);
        Peer.Apply(MonoTime.Zero, plan);
        using SrtpKeyMaterial keys = Plans.Keys();
        Peer.SetKeys(MonoTime.Zero, keys, DtlsRole.Server);
        _sender = keys.CreateSender(localIsClient: true);
        _receiver = keys.CreateReceiver(localIsClient: true);
        Peer.HandleStun(MonoTime.Zero, Checks.Home, Checks.Build(Peer.LocalUfrag, Peer.LocalPassword), ref _sink);
        _sink.Sent.Clear();
    }

    public RtcPeer Peer { get; }

    public MonoTime Now { get; set; } = MonoTime.FromMilliseconds(1);

    public List<ReceiveStream> Ended { get; } = [];

    public List<(SendStream Stream, ushort Sequence)> Nacks { get; } = [];

    public int KeyFrameRequests { get; private set; }

    /// <summary>Sends one packet; the last parameters are header extension elements.</summary>
    public bool Send(
        uint ssrc,
        ulong sequence,
        byte payloadType,
        byte[] payload,
        out ReceivedRtp received,
        string? mid = null,
        string? rid = null,
        string? repairedRid = null,
        ushort? transportSequence = null)
    {
        byte[] datagram = Write(ssrc, sequence, payloadType, payload, mid, rid, repairedRid, transportSequence);
        return Peer.TryReceiveRtp(Now, datagram, out received);
    }

    public byte[] Write(
        uint ssrc,
        ulong sequence,
        byte payloadType,
        byte[] payload,
        string? mid = null,
        string? rid = null,
        string? repairedRid = null,
        ushort? transportSequence = null)
    {
        byte[] buffer = new byte[2048];
        var writer = new RtpHeaderWriter(buffer);
        writer.WriteFixed(payloadType, marker: true, (ushort)sequence, (uint)sequence * 3000, ssrc);
        Add(ref writer, Plans.Ids.Mid, mid);
        Add(ref writer, Plans.Ids.Rid, rid);
        Add(ref writer, Plans.Ids.RepairedRid, repairedRid);
        if (transportSequence is { } number)
        {
            writer.AddExtension(Plans.Ids.TransportCc, [(byte)(number >> 8), (byte)number]);
        }

        int length = _sender.ProtectRtp(buffer, writer.Finish(), payload, sequence);
        return buffer[..length];
    }

    public void SendRtcp(ReadOnlySpan<byte> rtcp)
    {
        byte[] buffer = new byte[1500];
        int length = _sender.ProtectRtcp(buffer, rtcp);
        RawClient self = this;
        Peer.HandleRtcp(Now, buffer.AsSpan(0, length), ref _sink, ref self);
    }

    /// <summary>Lets the peer's deadlines pass until <paramref name="end"/> and gives the RTCP that it sent.</summary>
    public List<byte[]> RunUntil(MonoTime end)
    {
        while (Peer.NextDeadline <= end)
        {
            Now = Peer.NextDeadline > Now ? Peer.NextDeadline : Now;
            Peer.HandleTimeout(Now, ref _sink);
        }

        Now = end;
        List<byte[]> opened = [];
        foreach ((TransportAddress _, byte[] datagram) in _sink.Sent)
        {
            Assert.Equal(SrtpResult.Ok, _receiver.TryUnprotectRtcp(datagram, out int length));
            Assert.True(RtcpReader.IsWellFormed(datagram.AsSpan(0, length)));
            opened.Add(datagram[..length]);
        }

        _sink.Sent.Clear();
        return opened;
    }

    public void OnKeyFrameRequest(SendStream stream) => KeyFrameRequests++;

    public void OnNack(SendStream stream, ushort sequenceNumber) => Nacks.Add((stream, sequenceNumber));

    public void OnSenderReport(ReceiveStream stream, NtpTime ntp, uint rtpTimestamp, MonoTime now)
    {
    }

    public void OnBye(ReceiveStream stream) => Ended.Add(stream);

    private static void Add(ref RtpHeaderWriter writer, byte id, string? value)
    {
        if (value is not null)
        {
            writer.AddExtension(id, Encoding.UTF8.GetBytes(value));
        }
    }
}

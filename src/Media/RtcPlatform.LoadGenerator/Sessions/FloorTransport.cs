using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>One stream to or from a floor program: registered until answered, then SRTP (AEAD_AES_128_GCM) and nothing else.</summary>
internal sealed class FloorTransport : LoadTransport
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FloorRegistration _registration;
    private readonly byte[] _datagram = new byte[FloorRegistration.Length];
    private readonly SrtpSender _sender;
    private readonly SrtpReceiver _receiver;
    private readonly MonoTime _end;
    private TransportPhase _phase;
    private MonoTime _next;
    private long _undecryptable;

    public FloorTransport(FloorRegistration registration, MonoTime now)
    {
        _registration = registration;
        byte[] key = RandomNumberGenerator.GetBytes(FloorRegistration.KeyLength);
        byte[] salt = RandomNumberGenerator.GetBytes(FloorRegistration.SaltLength);
        registration.Write(_datagram, key, salt);
        _sender = new SrtpSender(SrtpProfile.AeadAes128Gcm, Keys(key, salt), CipherKernels.Best);
        _receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, Keys(key, salt), CipherKernels.Best);
        _next = now;
        _end = now + Patience;
    }

    public override TransportPhase Phase => _phase;

    public override string FailureReason { get; } = "the floor does not answer the registration";

    public override long Undecryptable => Volatile.Read(ref _undecryptable);

    public override MonoTime NextDeadline => _next;

    public override void HandleTimeout(MonoTime now, ref PoolSink sink)
    {
        if (now < _next)
        {
            return;
        }

        if (now >= _end)
        {
            _phase = TransportPhase.Failed;
            _next = MonoTime.Never;
            return;
        }

        _datagram.CopyTo(sink.Rent());
        sink.Commit(default, _datagram.Length);
        _next = now + Again;
    }

    public override void HandleDatagram(MonoTime now, Span<byte> datagram, IPeerMedia media, ref PoolSink sink)
    {
        if (_registration.IsAnsweredBy(datagram))
        {
            _phase = TransportPhase.Connected;
            _next = MonoTime.Never;
            return;
        }

        if (!RtpHeader.TryRead(datagram, out RtpHeader header)
            || _receiver.TryUnprotectRtp(datagram, header.HeaderLength, out int length, out _) != SrtpResult.Ok
            || !RtpPacketView.TryParse(datagram[..length], out RtpPacketView packet))
        {
            _undecryptable++;
            return;
        }

        media.TakeRtp(now, packet);
    }

    public override ushort NextTransportSequence() => 0;

    public override void SendRtp(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong extendedSequence, ref PoolSink sink)
    {
        Span<byte> slot = sink.Rent();
        header.CopyTo(slot);
        sink.Commit(default, _sender.ProtectRtp(slot, header.Length, payload, extendedSequence));
    }

    public override void SendRtcp(ReadOnlySpan<byte> compound, ref PoolSink sink)
    {
    }

    public override void Close(ref PoolSink sink)
    {
        if (_registration.Role == FloorRole.Subscriber)
        {
            Span<byte> slot = sink.Rent();
            _datagram.CopyTo(slot);
            (_registration with { Role = FloorRole.Leaver }).WriteHead(slot);
            sink.Commit(default, _datagram.Length);
        }

        _phase = TransportPhase.Failed;
    }

    public override void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    /// <summary>RTCP is never spoken here; its keys are others, so that no nonce could ever serve twice.</summary>
    internal static SessionKeys Keys(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt) => new()
    {
        RtpKey = [.. key],
        RtpSalt = [.. salt],
        RtpAuthentication = [],
        RtcpKey = RandomNumberGenerator.GetBytes(FloorRegistration.KeyLength),
        RtcpSalt = RandomNumberGenerator.GetBytes(FloorRegistration.SaltLength),
        RtcpAuthentication = [],
    };
}

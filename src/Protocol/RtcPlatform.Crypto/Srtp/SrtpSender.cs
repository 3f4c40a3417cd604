using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// Protects outgoing packets of one DTLS association (RFC 3711 section 3.3, RFC 7714). Not thread-safe; allocates
/// nothing per packet. Rollover counters belong to the caller's streams: there is no table of sources here.
/// </summary>
public sealed class SrtpSender : IDisposable
{
    private const int RtpFixedHeaderLength = 12;
    private const int RtcpClearLength = 8;
    private const uint EncryptedFlag = 0x8000_0000;

    private readonly PacketKey _rtp;
    private readonly PacketKey _rtcp;

    private uint _rtcpIndex;

    /// <param name="profile">Agreed by use_srtp.</param>
    /// <param name="masterKey"><c>profile.KeyLength</c> bytes.</param>
    /// <param name="masterSalt"><c>profile.SaltLength</c> bytes.</param>
    /// <exception cref="ArgumentException">Unknown profile or wrong lengths.</exception>
    public SrtpSender(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
        : this(profile, SessionKeys.Derive(profile, masterKey, masterSalt), CipherKernels.Best)
    {
    }

    /// <summary>From session keys, which are cleared. For vectors that start there, and to force a kernel.</summary>
    internal SrtpSender(SrtpProfile profile, SessionKeys keys, CipherKernel kernel)
    {
        using (keys)
        {
            Profile = profile;
            _rtp = new PacketKey(profile, keys.RtpKey, keys.RtpSalt, keys.RtpAuthentication, kernel);
            _rtcp = new PacketKey(profile, keys.RtcpKey, keys.RtcpSalt, keys.RtcpAuthentication, kernel);
        }
    }

    public SrtpProfile Profile { get; }

    /// <summary>Octets that protection adds to an RTP packet: those of the profile.</summary>
    public int RtpOverhead => _rtp.TagLength;

    /// <summary>The index that the next SRTCP packet gets, 0 to 2^31; it starts at 0 (RFC 3711 section 3.4).</summary>
    internal uint NextRtcpIndex
    {
        get => _rtcpIndex;
        set => _rtcpIndex = value;
    }

    /// <summary>Has the processor fetch what the next packet's protection reads.</summary>
    public void FetchKeys()
    {
        if (_rtp.IsAead)
        {
            _rtp.Gcm.Fetch();
        }
    }

    /// <summary>
    /// Writes the protected packet: the header stands already in <paramref name="destination"/>, the payload is read from
    /// a buffer that may be shared and is not changed, and lands encrypted behind the header, followed by the tag.
    /// </summary>
    /// <param name="destination">At least headerLength + payload + <c>Profile.RtpOverhead</c> bytes; no byte beyond is touched.</param>
    /// <param name="headerLength">Fixed header, CSRCs and header extensions: 12 bytes or more.</param>
    /// <param name="payload">Any length; must not overlap the destination, unless it is exactly its place there.</param>
    /// <param name="extendedSequence">ROC &lt;&lt; 16 | sequence number of the header; each value at most once per SSRC.</param>
    /// <returns>The length of the whole packet.</returns>
    /// <exception cref="ArgumentException">The destination is too small or the header too short: the caller's mistake.</exception>
    public int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, ulong extendedSequence) =>
        ProtectRtp(destination, headerLength, payload, extendedSequence, null);

    /// <summary>The same, but the tag of a counter mode packet may be left to the batch: see there what that asks for.</summary>
    public int ProtectRtp(
        Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, ulong extendedSequence, SrtpTagBatch? tags)
    {
        var bodyEnd = headerLength + payload.Length;
        var total = bodyEnd + _rtp.TagLength;
        if (headerLength < RtpFixedHeaderLength || destination.Length < total)
        {
            ThrowBadDestination();
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(destination[8..]);
        if (_rtp.IsAead)
        {
            _rtp.Gcm.Encrypt(_rtp.GcmCounter(ssrc, extendedSequence), destination[..headerLength], payload, destination[headerLength..total]);
        }
        else
        {
            ProtectByCounterMode(destination[..total], headerLength, payload, ssrc, extendedSequence, tags);
        }

        return total;
    }

    /// <summary>
    /// Writes the protected form of a compound RTCP packet, encrypted (E flag set), under the next SRTCP index.
    /// </summary>
    /// <param name="destination">At least rtcp + <c>Profile.RtcpOverhead</c> bytes, not overlapping <paramref name="rtcp"/>.</param>
    /// <param name="rtcp">At least 8 bytes: header and sender SSRC of its first packet.</param>
    /// <returns>The length of the whole packet; 0 when the key's 2^31 packets are used up (RFC 3711 section 9.2).</returns>
    /// <exception cref="ArgumentException">The destination is too small or the packet too short: the caller's mistake.</exception>
    public int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> rtcp)
    {
        var total = rtcp.Length + _rtcp.TagLength + SrtpProfileFacts.RtcpIndexLength;
        if (rtcp.Length < RtcpClearLength || destination.Length < total)
        {
            ThrowBadDestination();
        }

        if (_rtcpIndex >= EncryptedFlag)
        {
            return 0;
        }

        var index = _rtcpIndex++;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(rtcp[4..]);
        rtcp[..RtcpClearLength].CopyTo(destination);
        if (_rtcp.IsAead)
        {
            // RFC 7714 section 9.2: the associated data is the clear header and then the ESRTCP word.
            Span<byte> associated = stackalloc byte[RtcpClearLength + SrtpProfileFacts.RtcpIndexLength];
            rtcp[..RtcpClearLength].CopyTo(associated);
            BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpClearLength..], index | EncryptedFlag);
            var wordAt = total - SrtpProfileFacts.RtcpIndexLength;
            _rtcp.Gcm.Encrypt(_rtcp.GcmCounter(ssrc, index), associated, rtcp[RtcpClearLength..], destination[RtcpClearLength..wordAt]);
            associated[RtcpClearLength..].CopyTo(destination[wordAt..]);
            return total;
        }

        _rtcp.Ctr!.Transform(_rtcp.CmCounter(ssrc, index), rtcp[RtcpClearLength..], destination[RtcpClearLength..rtcp.Length]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[rtcp.Length..], index | EncryptedFlag);
        var tagAt = rtcp.Length + SrtpProfileFacts.RtcpIndexLength;
        _rtcp.Mac!.Compute(destination[..tagAt], [], destination[tagAt..total]);
        return total;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    public override string ToString() => $"SrtpSender({Profile})";

    /// <summary>Apart: what its foreign calls need on the stack would be set up for every GCM packet, too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ProtectByCounterMode(
        Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong extendedSequence, SrtpTagBatch? tags)
    {
        var bodyEnd = packet.Length - _rtp.TagLength;
        _rtp.Ctr!.Transform(_rtp.CmCounter(ssrc, extendedSequence), payload, packet[headerLength..bodyEnd]);
        var rolloverCounter = (uint)(extendedSequence >> 16);
        if (tags is not null)
        {
            tags.Add(_rtp.Mac!, packet, _rtp.TagLength, rolloverCounter);
            return;
        }

        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, rolloverCounter);
        _rtp.Mac!.Compute(packet[..bodyEnd], rollover, packet[bodyEnd..]);
    }

    [DoesNotReturn]
    private static void ThrowBadDestination() =>
        throw new ArgumentException("The destination is too small for the protected packet, or the header too short.");
}

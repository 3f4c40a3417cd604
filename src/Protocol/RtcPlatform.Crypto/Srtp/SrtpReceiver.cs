using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Srtp;

/// <summary>
/// Opens received packets of one DTLS association in place (RFC 3711 section 3.3, RFC 7714). Not thread-safe. Allocates
/// nothing per packet; its tables grow only when a new source authenticates. Replays are refused before any decryption,
/// and windows move only for authentic packets.
/// </summary>
public sealed class SrtpReceiver : IDisposable
{
    /// <summary>Packets behind the newest one that a source may still deliver once.</summary>
    public const int RtpWindow = 2048;

    /// <summary>The same for SRTCP indices of one sender.</summary>
    public const int RtcpWindow = 128;

    /// <summary>Sources that one association may have, for RTP and for RTCP each.</summary>
    public const int MaxSources = ReplayTable.MaxSources;

    private const int RtpFixedHeaderLength = 12;
    private const int RtcpClearLength = 8;
    private const uint EncryptedFlag = 0x8000_0000;

    private readonly PacketKey _rtp;
    private readonly PacketKey _rtcp;
    private readonly ReplayTable _rtpSources = new(RtpWindow);
    private readonly ReplayTable _rtcpSources = new(RtcpWindow);

    /// <param name="profile">Agreed by use_srtp.</param>
    /// <param name="masterKey"><c>profile.KeyLength</c> bytes.</param>
    /// <param name="masterSalt"><c>profile.SaltLength</c> bytes.</param>
    /// <exception cref="ArgumentException">Unknown profile or wrong lengths.</exception>
    public SrtpReceiver(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
        : this(profile, SessionKeys.Derive(profile, masterKey, masterSalt), CipherKernels.Best)
    {
    }

    /// <summary>From session keys, which are cleared. For vectors that start there, and to force a kernel.</summary>
    internal SrtpReceiver(SrtpProfile profile, SessionKeys keys, CipherKernel kernel)
    {
        using (keys)
        {
            Profile = profile;
            _rtp = new PacketKey(profile, keys.RtpKey, keys.RtpSalt, keys.RtpAuthentication, kernel);
            _rtcp = new PacketKey(profile, keys.RtcpKey, keys.RtcpSalt, keys.RtcpAuthentication, kernel);
        }
    }

    public SrtpProfile Profile { get; }

    /// <summary>RTP sources that have authenticated.</summary>
    public int SourceCount => _rtpSources.Count;

    /// <summary>
    /// Checks and decrypts an SRTP packet in place.
    /// </summary>
    /// <param name="packet">The whole datagram. Left as it was when refused.</param>
    /// <param name="headerLength">Fixed header, CSRCs and header extensions, from the RTP reader: 12 bytes or more.</param>
    /// <param name="length">The packet's length without the tag; 0 unless Ok.</param>
    /// <param name="extendedSequence">ROC &lt;&lt; 16 | sequence number (RFC 3711 section 3.3.1); a guess unless Ok.</param>
    public SrtpResult TryUnprotectRtp(Span<byte> packet, int headerLength, out int length, out ulong extendedSequence)
    {
        length = 0;
        extendedSequence = 0;
        var bodyEnd = packet.Length - _rtp.TagLength;
        if (headerLength < RtpFixedHeaderLength || bodyEnd < headerLength)
        {
            return SrtpResult.TooShort;
        }

        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        var row = _rtpSources.Find(ssrc);
        var verdict = row < 0 ? CheckNewSource(_rtpSources) : Locate(row, sequence, out extendedSequence);
        if (verdict != SrtpResult.Ok)
        {
            return verdict;
        }

        if (row < 0)
        {
            extendedSequence = sequence;
        }

        if (!OpenRtp(packet, headerLength, bodyEnd, ssrc, extendedSequence))
        {
            return SrtpResult.AuthenticationFailed;
        }

        Remember(_rtpSources, row, ssrc, extendedSequence);
        length = bodyEnd;
        return SrtpResult.Ok;
    }

    /// <summary>Checks and decrypts an SRTCP packet in place.</summary>
    /// <param name="packet">The whole datagram. Left as it was when refused.</param>
    /// <param name="length">The compound packet's length without tag and index; 0 unless Ok.</param>
    public SrtpResult TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        var rtcpLength = packet.Length - _rtcp.TagLength - SrtpProfileFacts.RtcpIndexLength;
        if (rtcpLength < RtcpClearLength)
        {
            return SrtpResult.TooShort;
        }

        var wordAt = !_rtcp.IsAead ? rtcpLength : packet.Length - SrtpProfileFacts.RtcpIndexLength;
        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[wordAt..]);
        if ((word & EncryptedFlag) == 0)
        {
            return SrtpResult.NotEncrypted;
        }

        var index = word & ~EncryptedFlag;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var row = _rtcpSources.Find(ssrc);
        var verdict = row < 0 ? CheckNewSource(_rtcpSources) : _rtcpSources.Check(row, index);
        if (verdict != SrtpResult.Ok)
        {
            return verdict;
        }

        if (!OpenRtcp(packet, rtcpLength, ssrc, index))
        {
            return SrtpResult.AuthenticationFailed;
        }

        Remember(_rtcpSources, row, ssrc, index);
        length = rtcpLength;
        return SrtpResult.Ok;
    }

    /// <summary>
    /// Frees the row of an RTP source that signaling has ended. Packets of it recorded by somebody could then be played
    /// back, so the caller must no longer route that SSRC. False when it is not known.
    /// </summary>
    public bool ForgetSource(uint ssrc) => _rtpSources.Remove(ssrc);

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    public override string ToString() => $"SrtpReceiver({Profile}, {SourceCount} sources)";

    private static SrtpResult CheckNewSource(ReplayTable table) =>
        table.Count < ReplayTable.MaxSources ? SrtpResult.Ok : SrtpResult.TooManySources;

    private static void Remember(ReplayTable table, int row, uint ssrc, ulong index)
    {
        if (row < 0)
        {
            table.Add(ssrc, index);
        }
        else
        {
            table.Accept(row, index);
        }
    }

    /// <summary>The index nearest to the highest one (RFC 3711 section 3.3.1 and appendix A), and whether it is new.</summary>
    private SrtpResult Locate(int row, ushort sequence, out ulong extendedSequence)
    {
        var highest = (long)_rtpSources.Highest(row);
        var guess = highest + (short)(sequence - (ushort)highest);
        extendedSequence = guess < 0 ? 0 : (ulong)guess;
        return guess < 0 ? SrtpResult.TooOld : _rtpSources.Check(row, extendedSequence);
    }

    private bool OpenRtp(Span<byte> packet, int headerLength, int bodyEnd, uint ssrc, ulong index)
    {
        if (_rtp.IsAead)
        {
            return _rtp.Gcm.TryDecryptInPlace(_rtp.GcmCounter(ssrc, index), packet[..headerLength], packet[headerLength..]);
        }

        return OpenRtpByCounterMode(packet, headerLength, bodyEnd, ssrc, index);
    }

    /// <summary>Apart: what its foreign calls need on the stack would be set up for every GCM packet, too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool OpenRtpByCounterMode(Span<byte> packet, int headerLength, int bodyEnd, uint ssrc, ulong index)
    {
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        if (!_rtp.Mac!.Verify(packet[..bodyEnd], rollover, packet[bodyEnd..]))
        {
            return false;
        }

        var body = packet[headerLength..bodyEnd];
        _rtp.Ctr!.Transform(_rtp.CmCounter(ssrc, index), body, body);
        return true;
    }

    private bool OpenRtcp(Span<byte> packet, int rtcpLength, uint ssrc, uint index)
    {
        if (_rtcp.IsAead)
        {
            var wordAt = packet.Length - SrtpProfileFacts.RtcpIndexLength;
            Span<byte> associated = stackalloc byte[RtcpClearLength + SrtpProfileFacts.RtcpIndexLength];
            packet[..RtcpClearLength].CopyTo(associated);
            packet[wordAt..].CopyTo(associated[RtcpClearLength..]);
            return _rtcp.Gcm.TryDecryptInPlace(_rtcp.GcmCounter(ssrc, index), associated, packet[RtcpClearLength..wordAt]);
        }

        var tagAt = rtcpLength + SrtpProfileFacts.RtcpIndexLength;
        if (!_rtcp.Mac!.Verify(packet[..tagAt], [], packet[tagAt..]))
        {
            return false;
        }

        var body = packet[RtcpClearLength..rtcpLength];
        _rtcp.Ctr!.Transform(_rtcp.CmCounter(ssrc, index), body, body);
        return true;
    }
}

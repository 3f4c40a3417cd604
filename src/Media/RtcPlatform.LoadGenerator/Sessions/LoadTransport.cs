using RtcPlatform.MediaClient.Peer;
using RtcPlatform.Net.Pools;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>How far a session is; it only moves down this list.</summary>
internal enum TransportPhase
{
    /// <summary>No answer from the media address yet.</summary>
    Checking,

    /// <summary>The address answers; no keys yet.</summary>
    Handshaking,

    Connected,
    Failed,
}

/// <summary>
/// Protected media over one socket. <c>Handle*</c> belong to the receiving thread, <c>Send*</c> to one thread each session:
/// the pacing one for publishers, the receiving one for subscribers.
/// </summary>
internal abstract class LoadTransport : IDisposable
{
    public abstract TransportPhase Phase { get; }

    /// <summary>One sentence once <see cref="Phase"/> is Failed.</summary>
    public abstract string FailureReason { get; }

    /// <summary>Failed SRTP: wrong keys, damage, or a replay.</summary>
    public abstract long Undecryptable { get; }

    public abstract MonoTime NextDeadline { get; }

    public abstract void HandleTimeout(MonoTime now, ref PoolSink sink);

    /// <param name="datagram">Decrypted in place.</param>
    public abstract void HandleDatagram(MonoTime now, Span<byte> datagram, IPeerMedia media, ref PoolSink sink);

    public abstract ushort NextTransportSequence();

    public abstract void SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong extendedSequence, ref PoolSink sink);

    public abstract void SendRtcp(ReadOnlySpan<byte> compound, ref PoolSink sink);

    public abstract void Close(ref PoolSink sink);

    public abstract void Dispose();
}

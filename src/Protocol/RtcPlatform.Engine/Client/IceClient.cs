using System.Buffers.Binary;
using RtcPlatform.Engine.Ice;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Engine.Client;

/// <summary>What an <see cref="IceClient"/> needs of an answer, and its own credentials.</summary>
public sealed record IceClientOptions
{
    public required string LocalUfrag { get; init; }

    public required string RemoteUfrag { get; init; }

    public required string RemotePassword { get; init; }

    /// <summary>The one candidate that is checked.</summary>
    public required TransportAddress Remote { get; init; }

    /// <summary>Makes transaction ids and jitter; unpredictable when the network is not one's own (RFC 8489 section 5).</summary>
    public required ulong Seed { get; init; }
}

/// <summary>How far an <see cref="IceClient"/> is.</summary>
public enum IceClientState : byte
{
    Checking = 0,
    Connected,

    /// <summary>No answer for 30 s, or none at all within the first 30 s.</summary>
    Failed,
}

/// <summary>
/// The controlling side of ICE against one candidate of a lite agent, for loopback peers and load tools: checks with
/// USE-CANDIDATE until answered, then every 4 to 6 s for consent (RFC 8445, RFC 7675). It gathers nothing.
/// </summary>
public sealed class IceClient
{
    // Peer-reflexive type preference, the highest local preference, component 1 (RFC 8445 section 5.1.2.1).
    private const uint Priority = (110u << 24) | (65_535u << 8) | 255;
    private const int RememberedChecks = 8;

    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConsentInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConsentLifetime = TimeSpan.FromSeconds(30);

    private readonly IceClientOptions _options;
    private readonly CheckCredentials _remote;
    private readonly string _username;
    private readonly ulong _tieBreaker;
    private readonly (ulong Id, MonoTime SentAt)[] _checks = new (ulong, MonoTime)[RememberedChecks];
    private Chance _chance;
    private TimeSpan _interval = FirstInterval;
    private MonoTime _answeredAt;
    private int _next;

    public IceClient(IceClientOptions options, MonoTime created)
    {
        _options = options;
        _remote = new CheckCredentials(options.RemoteUfrag, options.RemotePassword);
        _username = $"{options.RemoteUfrag}:{options.LocalUfrag}";
        _chance = new Chance(options.Seed);
        _tieBreaker = _chance.Next();
        _answeredAt = created;
        NextDeadline = created;
    }

    public IceClientState State { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to send the next check.</summary>
    public MonoTime NextDeadline { get; private set; }

    /// <summary>Our address as the remote side saw it in its last answer.</summary>
    public TransportAddress MappedAddress { get; private set; }

    /// <summary>Of the last answered check.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>The last error that the remote side answered with; 0 = none.</summary>
    public int LastError { get; private set; }

    /// <summary>Sends a check when one is due.</summary>
    public void HandleTimeout<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (now < NextDeadline)
        {
            return;
        }

        if (now >= _answeredAt + ConsentLifetime)
        {
            State = IceClientState.Failed;
            NextDeadline = MonoTime.Never;
            return;
        }

        SendCheck(now, ref sink);
        if (State == IceClientState.Connected)
        {
            NextDeadline = now + (ConsentInterval * (0.8 + (0.4 * _chance.NextFraction())));
            return;
        }

        NextDeadline = now + _interval;
        _interval = _interval * 2 < LongestInterval ? _interval * 2 : LongestInterval;
    }

    /// <summary>Takes an answer to one of the last checks.</summary>
    /// <returns>False when it is none, or not authentic.</returns>
    public bool HandleStun(MonoTime now, ReadOnlySpan<byte> datagram)
    {
        if (!StunMessageView.TryParse(datagram, out StunMessageView message)
            || message.Class is not (StunClass.Success or StunClass.Error)
            || !TryFindCheck(message.TransactionId, out MonoTime sentAt))
        {
            return false;
        }

        if (message.TryGetErrorCode(out int code, out _))
        {
            LastError = code;
            return true;
        }

        if (!message.VerifyIntegrity(_remote.Key) || !message.TryGetXorMappedAddress(out TransportAddress mapped))
        {
            return false;
        }

        MappedAddress = mapped;
        RoundTrip = now - sentAt;
        _answeredAt = now;
        if (State == IceClientState.Checking)
        {
            State = IceClientState.Connected;
            NextDeadline = now + ConsentInterval;
        }

        return true;
    }

    private void SendCheck<TSink>(MonoTime now, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        ulong id = _chance.Next();
        _checks[_next] = (id, now);
        _next = (_next + 1) % RememberedChecks;
        Span<byte> transaction = stackalloc byte[StunFormat.TransactionIdLength];
        BinaryPrimitives.WriteUInt64BigEndian(transaction, id);
        BinaryPrimitives.WriteUInt32BigEndian(transaction[8..], (uint)_tieBreaker);
        var writer = new StunMessageWriter(sink.Rent(), StunClass.Request, StunMethod.Binding, transaction);
        writer.AddUsername(_username);
        writer.AddPriority(Priority);
        writer.AddIceControlling(_tieBreaker);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(_remote.Key);
        writer.AddFingerprint();
        sink.Commit(_options.Remote, writer.Finish());
    }

    private bool TryFindCheck(ReadOnlySpan<byte> transaction, out MonoTime sentAt)
    {
        ulong id = BinaryPrimitives.ReadUInt64BigEndian(transaction);
        foreach ((ulong known, MonoTime at) in _checks)
        {
            if (known == id && at != default)
            {
                sentAt = at;
                return true;
            }
        }

        sentAt = default;
        return false;
    }
}

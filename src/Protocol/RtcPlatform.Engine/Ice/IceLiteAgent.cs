using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Engine.Ice;

/// <summary>
/// The lite side of ICE (RFC 8445 section 2.5): answers the client's checks and sends to the address that it nominates. It
/// never sends a check; an authentic check is also the client's consent (RFC 7675 section 5).
/// </summary>
public sealed class IceLiteAgent(CheckCredentials local, MonoTime created)
{
    private const int MostUnknownAttributes = 8;

    // Checks that the client paced before it knew of the restart carry the old pair (RFC 8445 section 9).
    private CheckCredentials? _previous;
    private CheckCredentials _current = local;
    private bool _expired;

    public CheckCredentials Local => _current;

    /// <summary>Where to send: the source of the last nominating check, so that a client behind a new NAT binding is followed.</summary>
    public TransportAddress Selected { get; private set; }

    /// <summary>When the last authentic check came; the creation before the first.</summary>
    public MonoTime LastCheck { get; private set; } = created;

    /// <summary>Authentic checks answered with success.</summary>
    public ulong ChecksAnswered { get; private set; }

    /// <summary>Checks of the new credentials are awaited; the old ones still count.</summary>
    public bool IsRestarting => _previous is not null;

    /// <summary>New credentials; the old ones stay valid until an address is nominated with the new.</summary>
    public void Restart(CheckCredentials local)
    {
        _previous = _expired ? null : _current;
        _current = local;
        _expired = false;
    }

    /// <summary>Consent is gone: the credentials end, so that only a restart can bring the peer back (RFC 7675 section 5.1).</summary>
    public void Expire()
    {
        _expired = true;
        _previous = null;
        Selected = default;
    }

    /// <summary>Checks and answers one STUN datagram.</summary>
    /// <returns><see cref="DropReason.None"/> when it was authentic: then <paramref name="from"/> belongs to this peer.</returns>
    public DropReason Handle<TSink>(MonoTime now, in TransportAddress from, ReadOnlySpan<byte> datagram, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!StunMessageView.TryParse(datagram, out StunMessageView message))
        {
            return DropReason.StunMalformed;
        }

        // RFC 8445 section 7.1.1 wants it in every check, RFC 8489 section 6.3 drops a wrong one silently.
        if (!message.VerifyFingerprint())
        {
            return DropReason.StunBadFingerprint;
        }

        if (message.Class != StunClass.Request || message.Method != StunMethod.Binding)
        {
            return DropReason.StunUnexpected;
        }

        // RFC 8489 section 9.1.3, in its order.
        if (!message.HasIntegrity || !message.TryGetUsername(out ReadOnlySpan<byte> username))
        {
            StunAnswer.RefuseUnauthenticated(message, from, StunErrorCode.BadRequest, ref sink);
            return DropReason.StunMissingAttribute;
        }

        if (Addressed(username) is not { } credentials)
        {
            StunAnswer.RefuseUnauthenticated(message, from, StunErrorCode.Unauthenticated, ref sink);
            return DropReason.StunUnknownUser;
        }

        if (!message.VerifyIntegrity(credentials.Key))
        {
            StunAnswer.RefuseUnauthenticated(message, from, StunErrorCode.Unauthenticated, ref sink);
            return DropReason.StunBadIntegrity;
        }

        return HandleAuthentic(now, from, message, credentials, ref sink);
    }

    private DropReason HandleAuthentic<TSink>(
        MonoTime now, in TransportAddress from, scoped in StunMessageView message, CheckCredentials credentials, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        Span<ushort> unknown = stackalloc ushort[MostUnknownAttributes];
        int unknownCount = message.FindUnknownRequired(unknown);
        if (unknownCount > 0)
        {
            StunAnswer.RefuseUnknown(message, from, unknown[..unknownCount], credentials, ref sink);
            return DropReason.StunUnknownAttribute;
        }

        // A lite agent is always controlled, so a client that thinks itself controlled must switch (RFC 8445 section 7.3.1.1).
        if (message.TryGetIceControlled(out _))
        {
            StunAnswer.RefuseRole(message, from, credentials, ref sink);
            return DropReason.StunRoleConflict;
        }

        ChecksAnswered++;
        LastCheck = now;
        if (message.UseCandidate)
        {
            Selected = from;
            if (ReferenceEquals(credentials, _current))
            {
                _previous = null;
            }
        }

        StunAnswer.Accept(message, from, credentials, ref sink);
        return DropReason.None;
    }

    private CheckCredentials? Addressed(ReadOnlySpan<byte> username)
    {
        if (!_expired && _current.IsAddressedBy(username))
        {
            return _current;
        }

        return _previous is { } previous && previous.IsAddressedBy(username) ? previous : null;
    }
}

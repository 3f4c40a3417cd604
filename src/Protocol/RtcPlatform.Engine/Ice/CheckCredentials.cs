using System.Text;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Engine.Ice;

/// <summary>A user fragment and its password (RFC 8839 section 5.4), also as the octets that checks are compared with.</summary>
public sealed class CheckCredentials(string ufrag, string password)
{
    private readonly byte[] _ufrag = Encoding.UTF8.GetBytes(ufrag);
    private readonly byte[] _password = Encoding.UTF8.GetBytes(password);

    public string Ufrag { get; } = ufrag;

    public string Password { get; } = password;

    /// <summary>The short-term key: the password's octets (RFC 8489 section 9.1.1).</summary>
    public ReadOnlySpan<byte> Key => _password;

    /// <summary>Whether a check's user name begins with this fragment and a colon (RFC 8445 section 7.2.2).</summary>
    public bool IsAddressedBy(ReadOnlySpan<byte> username) =>
        username.Length > _ufrag.Length && username[_ufrag.Length] == (byte)':' && username.StartsWith(_ufrag);

    /// <summary>
    /// Reads our fragment from a check, not yet authenticated: the one way to find the peer of an address never seen.
    /// </summary>
    /// <param name="ufrag">UTF-8, valid as long as the datagram.</param>
    public static bool TryReadLocalUfrag(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> ufrag)
    {
        ufrag = default;
        if (!StunMessageView.TryParse(datagram, out StunMessageView message)
            || message.Class != StunClass.Request
            || !message.TryGetUsername(out ReadOnlySpan<byte> username))
        {
            return false;
        }

        int colon = username.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        ufrag = username[..colon];
        return true;
    }

    public override string ToString() => Ufrag;
}

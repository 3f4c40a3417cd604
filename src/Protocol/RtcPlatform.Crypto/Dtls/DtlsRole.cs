namespace RtcPlatform.Crypto.Dtls;

/// <summary>Our side of the handshake: <c>a=setup:passive</c> is the server, <c>active</c> the client (RFC 5763 section 5).</summary>
public enum DtlsRole : byte
{
    Server,
    Client,
}

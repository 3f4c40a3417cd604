namespace RtcPlatform.Wire.Stun;

/// <summary>The class of a STUN message, as two bits (RFC 8489 section 5).</summary>
public enum StunClass : byte
{
    Request = 0,
    Indication = 1,
    Success = 2,
    Error = 3,
}

/// <summary>The method of a STUN message, 12 bits (RFC 8489 section 18.2, RFC 8656 section 17).</summary>
public enum StunMethod : ushort
{
    Binding = 0x001,
    Allocate = 0x003,
    Refresh = 0x004,
    Send = 0x006,
    Data = 0x007,
    CreatePermission = 0x008,
    ChannelBind = 0x009,
}

/// <summary>Attribute types (RFC 8489 section 18.3, RFC 8445 section 20.1); those below 0x8000 must be understood.</summary>
public enum StunAttributeType : ushort
{
    MappedAddress = 0x0001,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    Realm = 0x0014,
    Nonce = 0x0015,
    MessageIntegritySha256 = 0x001C,
    PasswordAlgorithm = 0x001D,
    UserHash = 0x001E,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    PasswordAlgorithms = 0x8002,
    AlternateDomain = 0x8003,
    Software = 0x8022,
    AlternateServer = 0x8023,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,
}

/// <summary>Error codes that a STUN or ICE agent answers with (RFC 8489 section 14.8, RFC 8445 section 7.3.1.1).</summary>
public enum StunErrorCode : ushort
{
    TryAlternate = 300,
    BadRequest = 400,
    Unauthenticated = 401,
    UnknownAttribute = 420,
    StaleNonce = 438,
    RoleConflict = 487,
    ServerError = 500,
}

/// <summary>Numbers that reader and writer share.</summary>
public static class StunFormat
{
    public const int HeaderLength = 20;
    public const int TransactionIdLength = 12;
    public const uint MagicCookie = 0x2112_A442;

    internal const int AttributeHeaderLength = 4;
    internal const int Sha1Length = 20;
    internal const int Sha256Length = 32;

    /// <summary>
    /// "STUN" in ASCII, so that the checksum differs from one that another protocol may carry (RFC 8489 section 14.7).
    /// </summary>
    internal const uint FingerprintXor = 0x5354_554E;
}

namespace RtcPlatform.Wire.Rtp;

/// <summary>What a media section carries (RFC 8866 section 5.14).</summary>
public enum MediaKind : byte
{
    Audio = 1,
    Video = 2,
}

namespace RtcPlatform.Wire.Rtp;

/// <summary>The codecs that the platform forwards; the names are the encoding names of <c>a=rtpmap</c>.</summary>
public enum CodecName : byte
{
    None = 0,
    Opus,
    Vp8,
    Vp9,
    H264,
    Av1,
    Pcmu,
    Pcma,
}

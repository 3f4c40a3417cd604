namespace RtcPlatform.MediaClient.Description;

/// <summary>The numbers that our offers choose; Chromium's, so that captures look familiar.</summary>
internal static class OfferFormat
{
    public const byte Opus = 111;
    public const byte Vp8 = 96;
    public const byte Vp8Rtx = 97;

    public const byte AudioLevelId = 1;
    public const byte TransportCcId = 3;
    public const byte MidId = 4;

    public const string AudioLevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string TransportCcUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
}

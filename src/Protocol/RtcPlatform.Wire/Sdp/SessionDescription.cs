namespace RtcPlatform.Wire.Sdp;

/// <summary>What a session description says (RFC 8866), as far as WebRTC uses it (RFC 8829). Unknown lines are passed over.</summary>
public sealed class SessionDescription
{
    /// <summary>The <c>o=</c> line's session id.</summary>
    public required string SessionId { get; init; }

    /// <summary>Mids of the first <c>a=group:BUNDLE</c>, in order; empty when there is none (RFC 9143).</summary>
    public IReadOnlyList<string> Bundle { get; internal set; } = [];

    public bool IsIceLite { get; internal set; }

    /// <summary><c>a=extmap-allow-mixed</c> (RFC 8285 section 6).</summary>
    public bool AllowMixedExtensions { get; internal set; }

    /// <summary>Transport attributes at session level: defaults for every section.</summary>
    public TransportAttributes Transport { get; } = new();

    public List<MediaDescription> Media { get; } = [];
}

/// <summary>ICE and DTLS attributes; at media level, or at session level as a default.</summary>
public sealed class TransportAttributes
{
    public string? IceUfrag { get; set; }

    public string? IcePassword { get; set; }

    /// <summary>Values of <c>a=fingerprint</c>, such as <c>sha-256 AB:CD:…</c> (RFC 8122).</summary>
    public List<string> Fingerprints { get; } = [];

    /// <summary><c>actpass</c>, <c>active</c>, <c>passive</c> or <c>holdconn</c> (RFC 4145).</summary>
    public string? Setup { get; set; }
}

/// <summary>One <c>m=</c> section.</summary>
public sealed class MediaDescription
{
    /// <summary><c>audio</c>, <c>video</c>, <c>application</c>, …</summary>
    public required string Kind { get; init; }

    public required int Port { get; init; }

    public required string Protocol { get; init; }

    /// <summary>The formats of the m-line, for RTP the payload types as text, in order of preference.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    public string? Mid { get; set; }

    public MediaDirection Direction { get; set; } = MediaDirection.SendRecv;

    public bool RtcpMux { get; set; }

    public bool BundleOnly { get; set; }

    public bool AllowMixedExtensions { get; set; }

    public TransportAttributes Transport { get; } = new();

    /// <summary>By payload type.</summary>
    public Dictionary<int, RtpMap> RtpMaps { get; } = [];

    /// <summary><c>a=fmtp</c> values by payload type.</summary>
    public Dictionary<int, string> Parameters { get; } = [];

    /// <summary><c>a=rtcp-fb</c>; payload type -1 stands for <c>*</c>.</summary>
    public List<FeedbackLine> Feedback { get; } = [];

    public List<ExtensionMap> Extensions { get; } = [];

    /// <summary>Distinct <c>a=ssrc</c> ids in order.</summary>
    public List<uint> Ssrcs { get; } = [];

    public List<SsrcGroup> SsrcGroups { get; } = [];

    public List<RidLine> Rids { get; } = [];

    /// <summary>The <c>send</c> list of <c>a=simulcast</c>; alternatives (<c>a,b</c>) reduced to the first, paused (<c>~a</c>) kept.</summary>
    public List<string> SimulcastSend { get; } = [];

    /// <summary>True when the section is refused or stopped: port 0 without <c>bundle-only</c>.</summary>
    public bool IsRejected => Port == 0 && !BundleOnly;

    /// <summary>
    /// The section without its formats' descriptions, feedback, header extensions and transport: what is worth keeping once
    /// it was answered. In a browser's offer the rest is ten times as large.
    /// </summary>
    public MediaDescription Outline()
    {
        var outline = new MediaDescription
        {
            Kind = Kind,
            Port = Port,
            Protocol = Protocol,
            Formats = Formats,
            Mid = Mid,
            Direction = Direction,
            RtcpMux = RtcpMux,
            BundleOnly = BundleOnly,
            AllowMixedExtensions = AllowMixedExtensions,
        };
        outline.Ssrcs.AddRange(Ssrcs);
        outline.SsrcGroups.AddRange(SsrcGroups);
        outline.Rids.AddRange(Rids);
        outline.SimulcastSend.AddRange(SimulcastSend);
        return outline;
    }
}

/// <summary><c>a=rtpmap</c></summary>
public sealed record RtpMap(int PayloadType, string Encoding, int ClockRate, int Channels);

/// <summary><c>a=rtcp-fb</c> (RFC 4585): such as <c>nack pli</c>.</summary>
public sealed record FeedbackLine(int PayloadType, string Value);

/// <summary><c>a=extmap</c> (RFC 8285)</summary>
/// <param name="Direction"><see cref="MediaDirection.SendRecv"/> unless the line says otherwise.</param>
public sealed record ExtensionMap(int Id, string Uri, MediaDirection Direction = MediaDirection.SendRecv);

/// <summary><c>a=ssrc-group</c> (RFC 5576)</summary>
public sealed record SsrcGroup(string Semantics, IReadOnlyList<uint> Ssrcs);

/// <summary><c>a=rid</c> (RFC 8851)</summary>
public sealed record RidLine(string Id, string Direction);

/// <summary>RFC 8866 section 6.7, from the describer's point of view.</summary>
[Flags]
public enum MediaDirection
{
    Inactive = 0,
    SendOnly = 1,
    RecvOnly = 2,
    SendRecv = SendOnly | RecvOnly,
}

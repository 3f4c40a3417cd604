namespace RtcPlatform.Engine.Dispatch;

/// <summary>What a synchronization source carries for its stream.</summary>
internal enum SourceRole : byte
{
    Primary,

    /// <summary>Packets again, under their own sequence numbers (RFC 4588).</summary>
    Retransmission,

    /// <summary>The client has moved the stream to another source; what still comes from this one is late.</summary>
    Superseded,
}

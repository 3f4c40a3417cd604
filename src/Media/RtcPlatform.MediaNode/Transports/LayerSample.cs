namespace RtcPlatform.MediaNode.Transports;

/// <summary>One simulcast layer at a moment.</summary>
/// <param name="IsActive">Packets arrive.</param>
/// <param name="Octets">Of payload, since it began.</param>
internal readonly record struct LayerSample(bool IsActive, ulong Octets);

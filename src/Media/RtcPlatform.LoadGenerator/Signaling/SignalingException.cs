namespace RtcPlatform.LoadGenerator.Signaling;

/// <summary>A server refused a session, or cannot be reached; the message is one sentence.</summary>
public sealed class SignalingException(string message) : Exception(message);

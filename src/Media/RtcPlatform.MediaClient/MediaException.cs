namespace RtcPlatform.MediaClient;

/// <summary>Media does not flow, or an answer cannot be used; the message is one sentence.</summary>
public sealed class MediaException(string message) : Exception(message);

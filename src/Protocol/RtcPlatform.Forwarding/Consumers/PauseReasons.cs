namespace RtcPlatform.Forwarding.Consumers;

/// <summary>Why a consumer receives nothing; it flows when none is set.</summary>
[Flags]
public enum PauseReasons : byte
{
    None = 0,

    /// <summary>The subscriber asked for it.</summary>
    Subscriber = 1,

    /// <summary>The subscriber's transport is not connected or has no keys yet.</summary>
    NotConnected = 2,
}

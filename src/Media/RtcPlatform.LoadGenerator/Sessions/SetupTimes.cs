using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Sessions;

/// <summary>When a session reached what; <c>default</c> = not yet.</summary>
internal sealed class SetupTimes
{
    /// <summary>The POST of the offer begins (floor: the registration).</summary>
    public MonoTime Posted { get; set; }

    public MonoTime Answered { get; set; }

    /// <summary>The first connectivity check is answered.</summary>
    public MonoTime Checked { get; set; }

    /// <summary>Keys are there.</summary>
    public MonoTime Connected { get; set; }

    /// <summary>The first media packet arrived, by the kernel's clock brought to this one.</summary>
    public MonoTime FirstPacket { get; set; }
}

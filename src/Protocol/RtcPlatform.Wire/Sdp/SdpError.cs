namespace RtcPlatform.Wire.Sdp;

/// <summary>Why a session description was refused.</summary>
/// <param name="Line">From 1; 0 when the fault is not in one line.</param>
/// <param name="Message">One sentence; quotes at most 80 characters of the input.</param>
public sealed record SdpError(int Line, string Message)
{
    public override string ToString() => Line == 0 ? Message : $"line {Line}: {Message}";
}

using RtcPlatform.Forwarding.Producers;
using RtcPlatform.MediaNode.Shard;

namespace RtcPlatform.MediaNode.Pipes;

/// <summary>Joins a layer whose publisher is on another shard to the pipe that its packets come through.</summary>
internal sealed class PipedEndpoint(Pipe pipe, Layer layer) : LayerSource
{
    private uint _ssrc;

    public Pipe Pipe { get; } = pipe;

    public Layer Layer { get; } = layer;

    /// <summary>The publisher's clocks; none (NTP 0) before its first sender report.</summary>
    public SenderClock Clock { get; set; }

    /// <summary>A packet came: with another source the clocks mean nothing any more.</summary>
    public void Heard(uint ssrc)
    {
        if (_ssrc != ssrc)
        {
            Clock = _ssrc == 0 ? Clock : default;
            _ssrc = ssrc;
        }
    }

    public override bool TryGetClock(out SenderClock clock)
    {
        clock = Clock;
        return Clock.Ntp.Value != 0;
    }
}

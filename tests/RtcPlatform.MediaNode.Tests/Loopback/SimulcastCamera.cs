using System.Text;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>Three encoders with clocks of their own, which make a key frame when they are asked.</summary>
internal sealed class SimulcastCamera
{
    private const uint NumbersPerLayer = 1_000_000;

    private readonly LoopbackClient _publisher;
    private readonly bool[] _isKeyWanted = [true, true, true];
    private readonly byte[] _payload = new byte[200];
    private uint _frame;

    public SimulcastCamera(LoopbackClient publisher)
    {
        _publisher = publisher;
        publisher.OnRtcp = packet =>
        {
            if (PictureLoss.TryRead(packet, out _, out uint ssrc))
            {
                _isKeyWanted[ssrc - Ssrc(0)] = true;
            }
        };
    }

    public static int LayerOf(uint number) => (int)(number / NumbersPerLayer);

    public void SendFrame(int layers)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            TestPayload.Write(_payload, ((uint)layer * NumbersPerLayer) + _frame, _isKeyWanted[layer]);
            _isKeyWanted[layer] = false;
            _publisher.SendRtp(
                OfferText.Vp8,
                _frame,
                ((uint)layer * 1_500_000_000) + (_frame * 3_000),
                Ssrc(layer),
                _payload,
                marker: true,
                (OfferText.MidId, "1"u8.ToArray()),
                (OfferText.RidId, Encoding.ASCII.GetBytes(OfferText.Rids[layer])));
        }

        _frame++;
    }

    private static uint Ssrc(int layer) => 7_000 + (uint)layer;
}

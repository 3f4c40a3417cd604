using System.Text;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class SimulcastCallTests
{
    [Fact]
    public async Task The_subscriber_gets_the_highest_live_layer_and_one_continuous_stream()
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync();
        using LoopbackClient publisher = await node.PublisherAsync(offer: offers => offers.PublishSimulcast());
        (LoopbackClient client, _, uint video, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var camera = new Camera(publisher);
        var heard = new List<(uint Ssrc, ulong Sequence, uint Timestamp, int Layer)>();
        subscriber.OnRtp = packet => heard.Add(
            (packet.View.Ssrc, packet.ExtendedSequence, packet.View.Timestamp, Camera.LayerOf(TestPayload.Read(packet.View.Payload))));

        foreach (int layers in (int[])[3, 2, 1, 3])
        {
            // The layers above stop; the node learns it from their silence.
            node.Pump(
                () =>
                {
                    camera.SendFrame(layers);
                    return heard.Count > 0 && heard[^1].Layer == layers - 1;
                },
                publisher,
                subscriber);
        }

        Assert.All(heard, packet => Assert.Equal(video, packet.Ssrc));
        Assert.Equal(
            Enumerable.Range(0, heard.Count).Select(number => heard[0].Sequence + (ulong)number), heard.Select(packet => packet.Sequence));
        Assert.All(heard.Zip(heard.Skip(1)), pair => Assert.True(
            (int)(pair.Second.Timestamp - pair.First.Timestamp) > 0, $"{pair.First} is followed by {pair.Second}"));
    }

    /// <summary>Three encoders with clocks of their own, which make a key frame when they are asked.</summary>
    private sealed class Camera
    {
        private const uint NumbersPerLayer = 1_000_000;

        private readonly LoopbackClient _publisher;
        private readonly bool[] _isKeyWanted = [true, true, true];
        private readonly byte[] _payload = new byte[200];
        private uint _frame;

        public Camera(LoopbackClient publisher)
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
}

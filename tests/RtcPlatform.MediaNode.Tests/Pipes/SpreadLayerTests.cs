using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Pipes;

/// <summary>Simulcast layers chosen by a subscriber on another shard than its publisher.</summary>
public sealed class SpreadLayerTests
{
    [Fact]
    public async Task A_far_subscriber_chooses_a_layer_and_a_near_one_is_not_touched()
    {
        await using SpreadRoom room = await SpreadRoom.StartAsync(static offers => offers.PublishSimulcast());
        var camera = new SimulcastCamera(room.Publisher);
        int far = -1;
        int near = -1;
        room.Far.OnRtp = packet => far = SimulcastCamera.LayerOf(TestPayload.Read(packet.View.Payload));
        room.Near.OnRtp = packet => near = SimulcastCamera.LayerOf(TestPayload.Read(packet.View.Payload));
        foreach ((string rid, int expected) in new[] { ("", 2), (OfferText.Rids[0], 0), (OfferText.Rids[1], 1), ("", 2) })
        {
            var select = new SelectLayer { TransportId = "T_far", Rid = rid };
            Assert.Null((await room.Node.Server.SendAsync(new Request { SelectLayer = select })).Error);
            room.Pump(() =>
            {
                camera.SendFrame(3);
                return far == expected && near == 2;
            });
        }

        Task<Response> asked = room.Node.Server.SendAsync(new Request { DescribeLayers = new DescribeLayers { TransportId = "T_far" } });
        room.Pump(() =>
        {
            camera.SendFrame(3);
            return asked.IsCompleted;
        });
        Assert.Equal([true, true, true], (await asked).Layers.Sections.Single().Layers.Select(layer => layer.Active));
    }
}

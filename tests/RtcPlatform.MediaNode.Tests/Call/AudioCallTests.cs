using RtcPlatform.Crypto.Srtp;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Call;

public sealed class AudioCallTests
{
    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public async Task Audio_arrives_with_its_level_under_the_id_that_the_subscriber_negotiated(SrtpProfile profile)
    {
        await using NodeUnderTest node = await NodeUnderTest.StartAsync(change: options => options with { SrtpProfiles = [profile] });
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient client, uint audio, _, _) = await node.SubscriberAsync();
        using LoopbackClient subscriber = client;
        var heard = new List<(uint Ssrc, byte PayloadType, byte Level, bool HasPublishersId, byte Payload)>();
        subscriber.OnRtp = packet =>
        {
            Assert.True(packet.View.TryGetExtension(OfferText.ReceivedLevelId, out ReadOnlySpan<byte> level));
            bool hasOther = packet.View.TryGetExtension(OfferText.PublishedLevelId, out _);
            heard.Add((packet.View.Ssrc, packet.View.PayloadType, level[0], hasOther, packet.View.Payload[0]));
        };
        for (byte number = 0; number < 50; number++)
        {
            publisher.SendRtp(
                OfferText.Opus, number, number * 960U, OfferText.AudioSsrc, [number, 1, 2, 3], marker: false,
                (OfferText.PublishedLevelId, [(byte)(0x80 | number)]));
        }

        node.Pump(() => heard.Count == 50, subscriber, publisher);

        Assert.Equal(
            Enumerable.Range(0, 50).Select(number => (audio, OfferText.Opus, (byte)(0x80 | number), false, (byte)number)), heard);
    }
}

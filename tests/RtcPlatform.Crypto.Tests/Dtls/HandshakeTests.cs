using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Crypto.Tests.Dtls;

public sealed class HandshakeTests
{
    [Fact]
    public void Both_sides_connect_and_export_the_same_keys_of_the_preferred_profile()
    {
        using var pair = new DtlsPair();
        Assert.Equal(DtlsState.New, pair.Server.State);
        pair.Client.Start(pair.Now);
        pair.Exchange();

        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        var (client, server) = (pair.Client.Keys!, pair.Server.Keys!);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, client.Profile);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, server.Profile);
        Assert.Equal(client.ClientKey, server.ClientKey);
        Assert.Equal(client.ServerKey, server.ServerKey);
        Assert.Equal(client.ClientSalt, server.ClientSalt);
        Assert.Equal(client.ServerSalt, server.ServerSalt);
        Assert.False(client.ClientKey.SequenceEqual(client.ServerKey));
        Assert.Equal(MonoTime.Never, pair.Client.NextTimeout);
        Assert.Equal(MonoTime.Never, pair.Server.NextTimeout);
        Assert.InRange(pair.Largest, 100, DtlsConnection.MaximumDatagram);
    }

    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void The_only_common_profile_is_agreed_and_carries_packets(SrtpProfile profile)
    {
        using var pair = new DtlsPair(clientProfiles: [profile]);
        pair.Client.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(profile, pair.Server.Keys!.Profile);

        using var sender = pair.Client.Keys!.CreateSender(localIsClient: true);
        using var receiver = pair.Server.Keys!.CreateReceiver(localIsClient: false);
        byte[] payload = [1, 2, 3, 4, 5];
        var packet = new byte[64];
        packet[0] = 0x80;
        packet[3] = 9;
        var length = sender.ProtectRtp(packet, 12, payload, 9);
        Assert.Equal(12 + payload.Length + profile.RtpOverhead, length);
        Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtp(packet.AsSpan(0, length), 12, out var clear, out var sequence));
        Assert.Equal(17, clear);
        Assert.Equal(9UL, sequence);
        Assert.Equal(payload, packet[12..17]);
    }

    [Fact]
    public void The_server_chooses_by_its_own_order()
    {
        using var pair = new DtlsPair(
            clientProfiles: [SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.AeadAes256Gcm, SrtpProfile.AeadAes128Gcm]);
        pair.Client.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(SrtpProfile.AeadAes128Gcm, pair.Client.Keys!.Profile);
    }
}

using RtcPlatform.Engine;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Shard;

public sealed class AddressTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_dictionary_over_random_scripts(int seed)
    {
        var random = new Random(seed);
        var table = new AddressTable(seed);
        var model = new Dictionary<TransportAddress, ShardTransport>();
        ShardTransport[] transports = [.. Enumerable.Range(0, 8).Select(number => NewTransport($"T_{number}"))];
        for (int step = 0; step < 20_000; step++)
        {
            TransportAddress address = TransportAddress.FromIPv4(0x7F000000 | (uint)random.Next(4), (ushort)random.Next(1, 200));
            ShardTransport transport = transports[random.Next(transports.Length)];
            if (random.Next(2) == 0)
            {
                table.Set(address, transport);
                model[address] = transport;
            }
            else
            {
                table.Remove(address, transport);
                if (model.TryGetValue(address, out ShardTransport? owner) && ReferenceEquals(owner, transport))
                {
                    model.Remove(address);
                }
            }

            TransportAddress asked = TransportAddress.FromIPv4(0x7F000000 | (uint)random.Next(4), (ushort)random.Next(1, 200));
            Assert.True(ReferenceEquals(model.GetValueOrDefault(asked), table.Find(asked)), $"seed {seed}, step {step}: {asked}");
            Assert.Equal(model.Count, table.Count);
        }
    }

    private static ShardTransport NewTransport(string id)
    {
        var options = new RtcPeerOptions { LocalUfrag = "ufrag", LocalPassword = "password-password-password", Cname = "c", Seed = 1 };
        return new ShardTransport(id, "room", new RtcPeer(options, MonoTime.Zero), MonoTime.Zero);
    }
}

using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Loopback;
using RtcPlatform.Wire.Muxing;

namespace RtcPlatform.MediaNode.Tests.Pipes;

/// <summary>
/// Random scripts of who comes, goes, mutes and sends in a room over three shards, with an account of every packet after each
/// step; a failure names its seed.
/// </summary>
public sealed class SpreadRoomProperties
{
    private const int Scripts = 3;
    private const int Steps = 40;
    private const int Most = 6;
    private const int Burst = 10;

    // What may become of a packet after it was taken in.
    private static readonly DropReason[] Forwarding =
    [
        DropReason.NoConsumer, DropReason.ArrivedTooLate, DropReason.PipeFull, DropReason.ConsumerPaused, DropReason.ProducerPaused,
        DropReason.WaitingForKeyFrame, DropReason.LayerNotSelected, DropReason.CodecNotNegotiated, DropReason.BeforeSwitch,
    ];

    [Fact]
    public async Task Every_packet_reaches_everybody_or_is_counted_wherever_they_are()
    {
        for (int seed = 1; seed <= Scripts; seed++)
        {
            // Two subscribers or publishers fill a shard so far that the next goes elsewhere.
            await using NodeUnderTest node = await NodeUnderTest.StartAsync(
                shards: 3, static options => options with { ShardCapacity = 500 });
            var script = new Script(node, seed);
            await script.PlayAsync();
            Assert.True(script.ShardsUsed > 1, $"seed {seed}: the room never left its home");
            Assert.True(script.Relayed > 0, $"seed {seed}: nothing was relayed");
        }
    }

    private sealed class Member(string id, string? publishes, LoopbackClient client)
    {
        public string Id { get; } = id;

        /// <summary>A letter; null = a subscriber, of the tracks of both publishers in turn.</summary>
        public string? Publishes { get; } = publishes;

        public string? Watches { get; init; }

        public LoopbackClient Client { get; } = client;

        public bool IsMuted { get; set; }

        /// <summary>The next number to be sent.</summary>
        public uint Next { get; set; }

        public List<uint> Heard { get; } = [];
    }

    private sealed class Script(NodeUnderTest node, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<Member> _members = [];
        private readonly HashSet<int> _shards = [];
        private int _names;

        public int ShardsUsed => _shards.Count;

        public ulong Relayed => Sum(static counters => counters.PacketsRelayed);

        public async Task PlayAsync()
        {
            for (int step = 0; step < Steps; step++)
            {
                string did = await StepAsync();
                await SpreadRoom.SettleAsync(node);
                Send($"seed {seed}, step {step} ({did})");
            }

            _members.ForEach(static member => member.Client.Dispose());
        }

        private async Task<string> StepAsync()
        {
            int choice = _random.Next(10);
            if (_members.Count == 0 || (choice < 6 && _members.Count < Most))
            {
                return await JoinAsync();
            }

            Member member = _members[_random.Next(_members.Count)];
            if (choice < 8 || member.Publishes is null)
            {
                await node.Server.SendAsync(new Request { CloseTransport = new CloseTransport { TransportId = member.Id } });
                member.Client.Dispose();
                _members.Remove(member);
                return $"{member.Id} left";
            }

            member.IsMuted = !member.IsMuted;
            Response response = await node.Server.SendAsync(new Request
            {
                SetProducerPaused = new SetProducerPaused { TransportId = member.Id, TrackSid = $"TR_{member.Publishes}v", Paused = member.IsMuted },
            });
            Assert.Null(response.Error);
            return $"{member.Id} is muted: {member.IsMuted}";
        }

        private async Task<string> JoinAsync()
        {
            string[] free = [.. new[] { "x", "y" }.Except(_members.Select(static member => member.Publishes))!];
            string? publishes = free.Length > 0 && _random.Next(2) == 0 ? free[0] : null;
            string watches = _random.Next(2) == 0 ? "x" : "y";
            string id = publishes is null ? $"T_{_names++}_watches_{watches}" : $"T_{_names++}_publishes_{publishes}";
            var client = new LoopbackClient();
            var member = new Member(id, publishes, client) { Watches = publishes is null ? watches : null };
            await node.OpenAsync(id);
            if (publishes is null)
            {
                client.OnRtp = packet => member.Heard.Add(TestPayload.Read(packet.View.Payload));
                await node.NegotiateAsync(
                    id, client, client.Offers.Receive(), [],
                    ControlledNode.Wanted($"TR_{watches}a", TrackKind.Audio), ControlledNode.Wanted($"TR_{watches}v", TrackKind.Video));
            }
            else
            {
                await node.NegotiateAsync(
                    id, client, client.Offers.Publish(), new() { ["0"] = $"TR_{publishes}a", ["1"] = $"TR_{publishes}v" });
            }

            _members.Add(member);
            node.Pump(() => client.IsConnected && node.Server.States.GetValueOrDefault(id) == TransportState.Connected, Clients);
            _shards.Add(ShardOf(member));
            return $"{id} came to shard {ShardOf(member)}";
        }

        /// <summary>Everybody who publishes sends; then all that was sent must have arrived and been accounted for.</summary>
        private void Send(string what)
        {
            ulong before = Accounted;
            ulong forwarded = Sum(static counters => counters.PacketsForwarded);
            ulong relayed = Relayed;
            ulong expected = 0;
            ulong expectedRelays = 0;
            var arriving = new List<(Member Member, uint From)>();
            foreach (Member publisher in _members.Where(static member => member.Publishes is not null))
            {
                Member[] watching = [.. _members.Where(member => member.Watches == publisher.Publishes)];
                ulong elsewhere = (ulong)watching.Select(ShardOf).Where(shard => shard != ShardOf(publisher)).Distinct().Count();
                ulong beside = (ulong)watching.Count(member => ShardOf(member) == ShardOf(publisher));
                ulong perPacket = publisher.IsMuted ? beside + elsewhere : (ulong)watching.Length + elsewhere;

                // A muted track without anybody is refused as not wanted, like any other.
                expected += Burst * Math.Max(perPacket, 1);
                expectedRelays += publisher.IsMuted ? 0 : Burst * elsewhere;
                if (!publisher.IsMuted)
                {
                    arriving.AddRange(watching.Select(member => (member, publisher.Next)));
                }

                SendBurst(publisher);
            }

            node.Pump(
                () =>
                {
                    Thread.Yield();
                    return Accounted - before >= expected && arriving.TrueForAll(static a => a.Member.Heard.LastOrDefault() == a.From + Burst - 1);
                },
                Clients);
            Assert.True(Accounted - before == expected, $"{what}: {Accounted - before} instead of {expected} are accounted for");
            Assert.True(Relayed - relayed == expectedRelays, $"{what}: {Relayed - relayed} instead of {expectedRelays} were relayed");
            Assert.True(Relayed == Sum(static counters => counters.PacketsPiped), $"{what}: what was relayed did not arrive");
            foreach ((Member member, uint from) in arriving)
            {
                Assert.True(
                    member.Heard.TakeLast(Burst).SequenceEqual(Enumerable.Range((int)from, Burst).Select(static number => (uint)number)),
                    $"{what}: {member.Id} heard {string.Join(' ', member.Heard.TakeLast(Burst))} instead of {Burst} from {from}");
            }

            ulong heard = Sum(static counters => counters.PacketsForwarded) - forwarded;
            Assert.True(heard == (ulong)arriving.Count * Burst, $"{what}: {heard} instead of {arriving.Count * Burst} were forwarded");
        }

        private void SendBurst(Member publisher)
        {
            Span<byte> payload = stackalloc byte[400];
            for (int packet = 0; packet < Burst; packet++)
            {
                // Each burst begins with a key frame, so that nobody waits for one.
                TestPayload.Write(payload, publisher.Next, packet == 0);
                publisher.Client.SendRtp(
                    OfferText.Vp8, 1_000 + publisher.Next, publisher.Next * 3_000, OfferText.VideoSsrc, payload, marker: true);
                publisher.Next++;
            }
        }

        private LoopbackClient[] Clients => [.. _members.Select(static member => member.Client)];

        private int ShardOf(Member member) => node.Node.EndPoints.ToList().IndexOf(member.Client.Node);

        /// <summary>Copies forwarded or relayed and refusals, on all shards.</summary>
        private ulong Accounted => Sum(static counters =>
            counters.PacketsForwarded + counters.PacketsRelayed + Forwarding.Aggregate(0UL, (sum, reason) => sum + counters.Dropped(reason)));

        private ulong Sum(Func<Telemetry.ShardCounters, ulong> figure) =>
            node.Node.Counters.Aggregate(0UL, (sum, counters) => sum + figure(counters));
    }
}

using System.Text;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;

namespace RtcPlatform.Grains.Tests;

/// <summary>
/// A thousand seeds of joins, leaves, lost edges, dying nodes and servers and late answers, each in its own order. Whatever
/// happened: once everything is up again, room, clients and nodes agree.
/// </summary>
public sealed class SeededRoomTests
{
    private const int StepsPerSeed = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(500)]
    [InlineData(750)]
    public void Room_clients_and_nodes_agree_in_the_end(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + 250; seed++)
        {
            using var story = new Story(seed);
            string? broken = story.Play(StepsPerSeed);
            Assert.True(broken is null, $"seed {seed}: {broken}\n{story.Told}");
        }
    }

    private sealed class Story : IDisposable
    {
        private static readonly string[] Names = ["alice", "bob", "carol", "dave"];
        private readonly Random _random;
        private readonly Stage _stage;
        private readonly ScriptedNode[] _nodes;
        private readonly Dictionary<string, ScriptedClient> _clients = [];
        private readonly HashSet<string> _lostEdges = [];
        private readonly StringBuilder _told = new();
        private ulong _version;

        public Story(int seed)
        {
            _random = new Random(seed);
            _stage = new Stage(seed);
            ScriptedNode second = _stage.NewNode("node-2");
            _nodes = [_stage.Node, second];
            _stage.Run(second.StartAsync);
            foreach (ScriptedNode node in _nodes)
            {
                node.Delay = _ => TimeSpan.FromMilliseconds(_random.Next(10) == 0 ? 4_000 : _random.Next(50));
                node.Swallows = request => request.CloseTransport is null && _random.Next(200) == 0;
            }
        }

        public string Told => _told.ToString();

        public string? Play(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                Step();
                _stage.Silo.Advance(TimeSpan.FromMilliseconds(_random.Next(4) switch { 0 => 0, 1 => 300, 2 => 2_000, _ => 8_000 }));
                if (VersionFell())
                {
                    return "the room's version fell";
                }
            }

            Recover();
            return Disagreement();
        }

        public void Dispose() => _stage.Dispose();

        private void Step()
        {
            string name = Names[_random.Next(Names.Length)];
            ScriptedNode node = _nodes[_random.Next(2)];
            switch (_random.Next(12))
            {
                case 0 or 1 or 2 or 3:
                    Start($"{name} joins", () => JoinAsync(name));
                    break;
                case 4 or 5 when _clients.TryGetValue(name, out ScriptedClient? client) && client.IsJoined:
                    Start($"{name} publishes", () => client.PublishAsync());
                    break;
                case 6 when _clients.TryGetValue(name, out ScriptedClient? client) && client.IsJoined && !_lostEdges.Contains(name):
                    Start($"{name} leaves", client.LeaveAsync);
                    break;
                case 7 when _clients.TryGetValue(name, out ScriptedClient? client) && client.IsJoined && _lostEdges.Add(name):
                    Start($"{name} loses its edge", client.LoseEdgeAsync);
                    break;
                case 8 when _lostEdges.Remove(name) && _clients[name].IsJoined:
                    Start($"{name} resumes", () => _clients[name].ResumeAsync());
                    break;
                case 9:
                    Start($"{node.NodeId} is killed", node.KillAsync);
                    break;
                case 10:
                    Start($"{node.NodeId} breaks its stream", node.DropStreamAsync);
                    break;
                case 11 when _random.Next(3) == 0:
                    KillServer();
                    break;
                default:
                    Start($"{node.NodeId} dials in", () => node.IsAttached ? Task.CompletedTask : node.ConnectAsync());
                    break;
            }
        }

        private async Task JoinAsync(string name)
        {
            var client = _stage.Client(name);
            if ((await client.JoinAsync()).IsOk && client.IsJoined)
            {
                _clients[name] = client;
                _lostEdges.Remove(name);
            }
        }

        private void KillServer()
        {
            _told.AppendLine("the server is killed");
            foreach (ScriptedNode node in _nodes)
            {
                node.LoseServer();
            }

            _stage.KillServer([.. _clients.Values]);
            _lostEdges.UnionWith(_clients.Where(entry => entry.Value.IsJoined).Select(entry => entry.Key));
            _version = 0;
        }

        private void Start(string what, Func<Task> body)
        {
            _told.AppendLine($"{_stage.Silo.Time.GetUtcNow():mm:ss.fff} {what}");
            _ = _stage.Silo.Start(async () =>
            {
                try
                {
                    await body();
                }
                catch (Exception exception) when (exception is TimeoutException || exception.GetType().Name == "SiloUnavailableException")
                {
                    _told.AppendLine($"  {what}: {exception.GetType().Name}");
                }
            });
        }

        private bool VersionFell()
        {
            RoomSnapshot room = _stage.Snapshot;
            bool fell = room.Version != 0 && room.Version < _version;
            _version = room.Version;
            return fell;
        }

        /// <summary>Everything is there again, nothing is slow, every client finishes what it was doing or joins anew.</summary>
        private void Recover()
        {
            _stage.Silo.Advance(TimeSpan.FromSeconds(45));
            foreach (ScriptedNode node in _nodes)
            {
                node.Delay = _ => TimeSpan.Zero;
                node.Swallows = _ => false;
                if (!node.IsAttached)
                {
                    _stage.Run(node.ConnectAsync);
                }
            }

            _stage.Settle();
            foreach ((string name, ScriptedClient client) in _clients.ToArray())
            {
                if (!client.IsJoined)
                {
                    _clients.Remove(name);
                }
                else if (!_stage.Run(client.ResumeAsync).IsOk)
                {
                    _clients.Remove(name);
                    _stage.Run(() => JoinAsync(name));
                }
            }

            _stage.Silo.Advance(TimeSpan.FromSeconds(61));
            foreach (ScriptedClient client in _clients.Values.Where(client => client.IsJoined))
            {
                _stage.Run(() => client.NegotiateAsync(0, 0));
            }

            _stage.Settle();
        }

        private string? Disagreement()
        {
            RoomSnapshot room = _stage.Snapshot;
            ScriptedClient[] joined = [.. _clients.Values.Where(client => client.IsJoined)];
            string[] expected = [.. joined.Select(client => client.Sid).Order(StringComparer.Ordinal)];
            string[] actual = [.. room.Participants.Select(participant => participant.Sid).Order(StringComparer.Ordinal)];
            if (!expected.SequenceEqual(actual))
            {
                return $"joined are {string.Join(' ', expected)}, in the room are {string.Join(' ', actual)}";
            }

            int transports = _nodes.Sum(node => node.Transports.Count);
            if (transports != joined.Length)
            {
                return $"{joined.Length} participants, but {transports} transports";
            }

            return joined.Select(client => Disagreement(client, room)).FirstOrDefault(broken => broken is not null);
        }

        private static string? Disagreement(ScriptedClient client, RoomSnapshot room)
        {
            if (client.Picture!.Version != room.Version)
            {
                return $"{client.Identity} sees version {client.Picture.Version} of {room.Version}";
            }

            string[] wanted = [.. room.Participants.Where(p => p.Sid != client.Sid).SelectMany(p => p.Tracks).Select(t => t.Sid).Order(StringComparer.Ordinal)];
            string[] received = [.. client.Receiving.Values.Order(StringComparer.Ordinal)];
            return wanted.SequenceEqual(received)
                ? null
                : $"{client.Identity} wants {wanted.Length} tracks and receives {received.Length}; it has"
                    + $" {client.VideoSections} sections, its last error was {client.LastError?.Code}";
        }
    }
}

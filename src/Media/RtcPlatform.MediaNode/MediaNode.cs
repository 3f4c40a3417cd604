using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Agent;
using RtcPlatform.MediaNode.Dtls;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Shard;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode;

/// <summary>The whole node: its shards, the handshake thread and the control stream, from start to stop.</summary>
public sealed class MediaNode : IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly ILogger<MediaNode> _logger;
    private readonly DtlsIdentity _identity;
    private readonly DtlsWorker _dtls;
    private readonly ImmutableArray<Shard.Shard> _shards;
    private readonly ImmutableArray<ImmutableArray<TransportAddress>> _candidates;
    private readonly TransportRegister _register;
    private readonly ControlLink _link = new();
    private readonly string _instanceId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _agent;
    private TimeSpan _lastProcessorTime;
    private long _lastLoadAt;

    private MediaNode(NodeOptions options, ImmutableArray<UdpPort> ports, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<MediaNode>();
        _register = new TransportRegister(ports.Length, options.ShardCapacity);
        _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow, RandomNumberGenerator.GetBytes(16), options.SrtpProfiles);
        _dtls = new DtlsWorker(_identity);
        var listener = new ShardListener(TransportChanged, ProducerStarted);
        var rooms = new RoomPipes(ports.Length);
        _shards = [.. ports.Select((port, index) => new Shard.Shard(
            index, port, options.GatherFor, _dtls, rooms, listener, loggers.CreateLogger<Shard.Shard>()))];
        _candidates = [.. ports.Select(port => AnnouncedAddresses.For(options, port.LocalEndPoint))];
        var commands = new NodeCommands(options, _shards, _candidates, _register, _identity, loggers.CreateLogger<NodeCommands>());
        var desk = new RequestDesk(commands.CarryOutAsync, _register.Ids, _link, loggers.CreateLogger<RequestDesk>());
        var agent = new ControlAgent(options, _link, desk, Hello, Load, loggers.CreateLogger<ControlAgent>());
        Announce(ports[0]);
        _agent = Task.Run(() => agent.RunAsync(_stop.Token));
    }

    /// <summary>Where the shards listen.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _shards.Select(static shard => shard.LocalEndPoint)];

    /// <summary>What each shard has done.</summary>
    public IReadOnlyList<ShardCounters> Counters => [.. _shards.Select(static shard => shard.Counters)];

    internal ImmutableArray<Shard.Shard> Shards => _shards;

    /// <summary>Binds the ports and starts all threads; the control plane need not be there.</summary>
    /// <exception cref="IOException">A port cannot be bound; the message is one line for a person.</exception>
    public static MediaNode Start(NodeOptions options, ILoggerFactory loggers)
    {
        var ports = new List<UdpPort>();
        try
        {
            for (int index = 0; index < options.Shards; index++)
            {
                int number = options.MediaPort == 0 ? 0 : options.MediaPort + index;
                ports.Add(UdpPort.Bind(new IPEndPoint(options.Host, number), new UdpPortOptions()));
            }
        }
        catch (IOException)
        {
            ports.ForEach(static port => port.Dispose());
            throw;
        }

        return new MediaNode(options, [.. ports], loggers);
    }

    /// <summary>Closes all peers (BYE, close_notify) and ends every thread; within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        NodeLog.Stopping(_logger, _options.NodeId);
        foreach (Shard.Shard shard in _shards)
        {
            shard.CloseAll();
        }

        // The handshake thread sends its last alerts through the ports, so those close after it.
        _dtls.Dispose();
        foreach (Shard.Shard shard in _shards)
        {
            shard.Dispose();
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _agent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _identity.Dispose();
        _stop.Dispose();
        NodeLog.Stopped(_logger, _options.NodeId, Totals.Describe(Counters));
    }

    private void Announce(UdpPort port)
    {
        string addresses = string.Join(", ", _candidates.SelectMany(static all => all));
        NodeLog.Listening(_logger, _options.NodeId, port.LocalEndPoint, addresses);

        // The kernel reports twice what it was asked for (socket(7)), so less than that means net.core.rmem_max is low.
        int asked = new UdpPortOptions().SocketBuffer;
        if (port.ReceiveBufferSize < asked)
        {
            NodeLog.SmallReceiveBuffer(_logger, port.ReceiveBufferSize, asked);
        }
    }

    private void TransportChanged(string id, TransportState state, string reason)
    {
        _register.Changed(id, state);
        _link.Notify(new Notification
        {
            TransportChanged = new TransportChanged { TransportId = id, State = state, Reason = reason },
        });
    }

    private void ProducerStarted(string id, string trackSid, string mimeType) => _link.Notify(new Notification
    {
        ProducerStarted = new ProducerStarted { TransportId = id, TrackSid = trackSid, MimeType = mimeType },
    });

    private NodeHello Hello() => new()
    {
        NodeId = _options.NodeId,
        InstanceId = _instanceId,
        Region = _options.Region,
        Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0",
        Addresses = { _candidates.SelectMany(static all => all).Select(static address => address.ToString()) },
        Transports = { _register.Snapshot() },
        CapacityPackets = (uint)(_options.ShardCapacity * _shards.Length),
    };

    private NodeLoad Load()
    {
        var load = new NodeLoad { Cpu = Cores(), Refused = _register.Refused, PredictedPackets = (ulong)_register.PredictedLoad };
        foreach (Shard.Shard shard in _shards)
        {
            ShardCounters counters = shard.Counters;
            load.Transports += counters.Transports;
            load.Producers += counters.Producers;
            load.Consumers += counters.Consumers;
            load.PacketsReceived += counters.PacketsReceived;
            load.PacketsForwarded += counters.PacketsForwarded;
            load.BytesReceived += counters.BytesReceived;
            load.BytesForwarded += counters.BytesForwarded;
            load.AllocatedBytes += (ulong)counters.AllocatedBytes;
            foreach (DropReason reason in Enum.GetValues<DropReason>())
            {
                ulong count = counters.Dropped(reason);
                if (count > 0)
                {
                    load.Dropped[reason.ToString()] = load.Dropped.GetValueOrDefault(reason.ToString()) + count;
                }
            }
        }

        return load;
    }

    private double Cores()
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long at = Stopwatch.GetTimestamp();
        double seconds = _lastLoadAt == 0 ? 0 : Stopwatch.GetElapsedTime(_lastLoadAt, at).TotalSeconds;
        double cores = seconds > 0 ? (used - _lastProcessorTime).TotalSeconds / seconds : 0;
        (_lastProcessorTime, _lastLoadAt) = (used, at);
        return cores;
    }
}

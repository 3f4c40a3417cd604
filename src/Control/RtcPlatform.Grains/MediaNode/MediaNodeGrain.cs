using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Delivery;
using RtcPlatform.Media.Contracts;
using Request = RtcPlatform.Media.Contracts.Request;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>
/// The control plane's end of a node's control stream. A closed stream may be resumed within <see cref="Grace"/> by the same
/// process of the node; after that, or when another process of the node comes, everything on it is lost.
/// </summary>
public sealed class MediaNodeGrain(TimeProvider time, ILogger<MediaNodeGrain> log) : Grain, IMediaNodeGrain
{
    /// <summary>A node whose stream is closed counts as alive for so long.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>A request that is not answered within this ends with <see cref="SignalErrorCode.MediaNodeLost"/>.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private const int FramesPerAck = 64;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(500);

    // The memory of the link lives as long as this activation, so that is what a node may resume.
    private readonly string _serverInstance = Base62.Encode(RandomNumberGenerator.GetBytes(Base62.EntropyBytes), 16);
    private readonly ReliableLink _memory = new();
    private readonly NodeRequests _requests = new();
    private readonly NodeRegister _register = new();
    private NodeHello? _node;
    private NodeLoad _load = new();
    private NodeStream? _stream;
    private DateTimeOffset? _detachedAt;
    private IGrainTimer? _tick;
    private ulong _acknowledged;

    private string NodeId => this.GetPrimaryKeyString();

    private INodeDirectoryGrain Directory => GrainFactory.GetGrain<INodeDirectoryGrain>(GrainKeys.DefaultRegion);

    private NodeNews News => new(GrainFactory, NodeId, log);

    public async Task<NodeAcceptance> Attach(byte[] hello, string linkId, INodeLink link)
    {
        if (Frames.TryParse(hello) is not { Hello: { } node } frame || Refuse(node) is not null)
        {
            string reason = Frames.TryParse(hello)?.Hello is { } read ? Refuse(read)! : "the first frame must be a hello";
            NodeLog.Refused(log, NodeId, reason);
            return new NodeAcceptance(reason, [Welcome(resumed: false, reason)]);
        }

        _stream?.Close("the node opened another stream");
        _stream = null;
        bool resumed = CanResume(node);
        if (resumed)
        {
            _memory.Accept(frame);
            NodeLog.Resumed(log, NodeId, node.InstanceId);
        }
        else
        {
            await StartAnew(node);
        }

        _detachedAt = null;
        StartTicking();
        _stream = new NodeStream(linkId, link, OnLinkFailed);
        await Directory.Report(CurrentStatus());
        return new NodeAcceptance(null, [Welcome(resumed, string.Empty), .. _memory.Unacknowledged.Select(kept => kept.ToByteArray())]);
    }

    public async Task Detach(string linkId)
    {
        if (IsCurrent(linkId))
        {
            LoseStream();

            // Its rooms stay during the grace period; new ones go where somebody answers.
            await Directory.Report(CurrentStatus());
        }
    }

    public async Task<bool> Receive(string linkId, byte[] frame)
    {
        if (!IsCurrent(linkId))
        {
            return false;
        }

        if (Frames.TryParse(frame) is not { } parsed)
        {
            NodeLog.BrokenStream(log, NodeId);
            return false;
        }

        if (_memory.Accept(parsed))
        {
            await Handle(parsed);
        }
        else if (_memory.HasGap)
        {
            NodeLog.BrokenStream(log, NodeId);
            return false;
        }

        if (_memory.LastReceived - _acknowledged >= FramesPerAck)
        {
            Acknowledge();
        }

        return true;
    }

    public Task<Outcome<byte[]>> Ask(byte[] request)
    {
        if (_node is null)
        {
            return Task.FromResult<Outcome<byte[]>>(NodeRequests.Lost);
        }

        Request parsed = Request.Parser.ParseFrom(request);
        _register.Watch(parsed);
        Task<Outcome<byte[]>> answer = _requests.Add(parsed.Id, time.GetUtcNow() + RequestTimeout);
        Send(new ControlFrame { Request = parsed });
        return answer;
    }

    public Task<NodeStatus> Status() => Task.FromResult(CurrentStatus());

    private static string? Refuse(NodeHello hello) =>
        hello.InstanceId.Length is 0 or > 128 ? "the instance id has 1 to 128 characters"
        : !PrintableName.IsValid(hello.NodeId) ? "the node id has 1 to 256 printable characters"
        : null;

    private bool CanResume(NodeHello hello) =>
        _node is not null
        && string.Equals(_node.InstanceId, hello.InstanceId, StringComparison.Ordinal)
        && string.Equals(hello.ServerInstanceId, _serverInstance, StringComparison.Ordinal)
        && !_memory.Overflowed;

    /// <summary>Both sides count from 1; what the node lists is adopted, what it does not list any more is lost.</summary>
    private async Task StartAnew(NodeHello hello)
    {
        NodeHello? former = _node;
        _requests.FailAll();
        _memory.Reset();
        _acknowledged = 0;
        _load = new NodeLoad { Transports = (uint)hello.Transports.Count };
        _node = hello;
        IReadOnlyList<NodeTransport> before = _register.Clear();
        if (former is not null && !string.Equals(former.InstanceId, hello.InstanceId, StringComparison.Ordinal))
        {
            await News.Lost(former, before);
            before = [];
        }

        (List<NodeTransport> kept, List<string> unwanted) = await new NodeAdoption(GrainFactory, log).Run(hello);
        kept.ForEach(_register.Add);
        unwanted.ForEach(CloseUnwanted);
        await News.Closed(before.Where(transport => _register.Find(transport.Id) is null), "the media node no longer has it");
        NodeLog.Attached(log, NodeId, hello.InstanceId, kept.Count, unwanted.Count);
    }

    private void CloseUnwanted(string transportId) => Send(new ControlFrame
    {
        Request = new Request
        {
            Id = Base62.Encode(RandomNumberGenerator.GetBytes(Base62.EntropyBytes), 16),
            CloseTransport = new CloseTransport { TransportId = transportId, Reason = "nobody takes it back" },
        },
    });

    private async Task Handle(ControlFrame frame)
    {
        switch (frame.BodyCase)
        {
            case ControlFrame.BodyOneofCase.Response:
                _requests.Complete(frame.Response.Id, frame.Response.ToByteArray());
                break;
            case ControlFrame.BodyOneofCase.Load:
                _load = frame.Load;
                break;
            case ControlFrame.BodyOneofCase.Notification:
                await News.Pass(frame.Notification, _register);
                break;
        }
    }

    private async Task Tick()
    {
        DateTimeOffset now = time.GetUtcNow();
        int unanswered = _requests.Expire(now);
        if (unanswered > 0)
        {
            NodeLog.Unanswered(log, NodeId, unanswered);
        }

        if (_detachedAt + Grace <= now || _memory.Overflowed)
        {
            await LoseNode();
            return;
        }

        if (_memory.LastReceived != _acknowledged)
        {
            Acknowledge();
        }

        if (_node is not null)
        {
            await Directory.Report(CurrentStatus());
        }
    }

    private async Task LoseNode()
    {
        _tick?.Dispose();
        _tick = null;
        _detachedAt = null;
        _stream?.Close("the node does not keep up");
        _stream = null;
        if (_node is not { } lost)
        {
            return;
        }

        _node = null;
        _memory.Reset();
        _acknowledged = 0;
        _requests.FailAll();
        await News.Lost(lost, _register.Clear());
    }

    private void Send(ControlFrame frame)
    {
        _memory.Stamp(frame);
        _acknowledged = frame.Ack;
        if (_stream?.TrySend(frame.ToByteArray()) == false)
        {
            _stream.Close("the node does not keep up");
            LoseStream();
        }
    }

    private void Acknowledge() => Send(new ControlFrame { LinkAck = new LinkAck() });

    private byte[] Welcome(bool resumed, string refused)
    {
        var welcome = new ControlFrame
        {
            Welcome = new NodeWelcome { ServerInstanceId = _serverInstance, Resumed = resumed, Refused = refused },
        };
        return _memory.Stamp(welcome).ToByteArray();
    }

    private void OnLinkFailed(NodeStream stream, Exception exception)
    {
        NodeLog.LinkFailed(log, NodeId, exception);
        if (ReferenceEquals(stream, _stream))
        {
            LoseStream();
        }
    }

    private void LoseStream()
    {
        NodeLog.Detached(log, NodeId);
        _stream = null;
        _detachedAt = time.GetUtcNow();
    }

    private void StartTicking() => _tick ??= this.RegisterGrainTimer(
        static (grain, _) => grain.Tick(),
        this,
        new GrainTimerCreationOptions { DueTime = TickPeriod, Period = TickPeriod, KeepAlive = true });

    private bool IsCurrent(string linkId) => _stream is not null && string.Equals(_stream.LinkId, linkId, StringComparison.Ordinal);

    private NodeStatus CurrentStatus() => new(
        NodeId,
        _node?.InstanceId ?? string.Empty,
        GrainKeys.DefaultRegion,
        _node is not null && _stream is not null,
        _register.Count,
        Math.Max(_load.Cpu, _register.Count / 1000.0),
        time.GetUtcNow());
}

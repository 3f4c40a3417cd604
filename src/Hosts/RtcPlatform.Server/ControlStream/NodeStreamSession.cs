using System.Net.WebSockets;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Orleans;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Server.ControlStream;

/// <summary>
/// One open control stream between its WebSocket and its node's grain. Frames from the node are given to the grain one at a
/// time; frames to it wait in a bounded queue that is written from the moment the welcome is out.
/// </summary>
internal sealed class NodeStreamSession(WebSocket socket, IGrainFactory grains, ILogger log, CancellationTokenSource ended) : INodeLink
{
    private const int MaxHelloBytes = 16 * 1024 * 1024;
    private const int MaxFrameBytes = 1024 * 1024;
    private const int QueueCapacity = 16_384;
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    // For the node to take the reason in; one that does not listen is cut off.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly SocketFrames _frames = new(socket);
    private readonly string _linkId = Guid.NewGuid().ToString("N");
    private readonly Channel<byte[]> _outgoing =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });

    private string _closeReason = "the node closed it";

    /// <summary>From the grain; never waits.</summary>
    public Task Send(byte[] frame)
    {
        if (!_outgoing.Writer.TryWrite(frame))
        {
            End("the node does not read what it is sent");
        }

        return Task.CompletedTask;
    }

    /// <summary>From the grain: the stream is no longer wanted.</summary>
    public Task Close(string reason)
    {
        End(reason);
        return Task.CompletedTask;
    }

    /// <summary>Until the stream ends, for whatever reason; throws nothing.</summary>
    public async Task Run()
    {
        string nodeId = string.Empty;
        try
        {
            byte[]? hello = await ReadHello();
            nodeId = hello is null ? string.Empty : NodeIdOf(hello);
            if (nodeId.Length == 0)
            {
                throw new InvalidDataException("the first frame must be a hello");
            }

            await Serve(nodeId, hello!);
        }
        catch (OperationCanceledException)
        {
            NodeStreamLog.Ended(log, nodeId, _closeReason);
        }
        catch (WebSocketException exception)
        {
            NodeStreamLog.Ended(log, nodeId, exception.Message);
        }
        catch (TimeoutException)
        {
            await Refuse(nodeId, WebSocketCloseStatus.PolicyViolation, "no hello came in time");
        }
        catch (FrameTooLongException exception)
        {
            await Refuse(nodeId, WebSocketCloseStatus.MessageTooBig, exception.Message);
        }
        catch (InvalidDataException exception)
        {
            await Refuse(nodeId, WebSocketCloseStatus.PolicyViolation, exception.Message);
        }
        catch (Exception exception)
        {
            NodeStreamLog.Failed(log, nodeId, exception);
        }
        finally
        {
            End(_closeReason);
            socket.Abort();
        }
    }

    private async Task Serve(string nodeId, byte[] hello)
    {
        IMediaNodeGrain node = grains.GetGrain<IMediaNodeGrain>(nodeId);
        INodeLink self = grains.CreateObjectReference<INodeLink>(this);
        try
        {
            NodeAcceptance acceptance = await node.Attach(hello, _linkId, self);
            foreach (byte[] frame in acceptance.Welcome)
            {
                await socket.SendAsync(frame, WebSocketMessageType.Binary, true, ended.Token);
            }

            if (acceptance.Refused is { } refused)
            {
                await Refuse(nodeId, WebSocketCloseStatus.PolicyViolation, refused);
                return;
            }

            Task writing = WriteQueued();
            await ReadFrames(node);
            End(_closeReason);
            await writing;
            NodeStreamLog.Ended(log, nodeId, _closeReason);
        }
        finally
        {
            await node.Detach(_linkId);
            grains.DeleteObjectReference<INodeLink>(self);

            // The runtime holds observers weakly; up to here this one is needed.
            GC.KeepAlive(this);
        }
    }

    private async Task ReadFrames(IMediaNodeGrain node)
    {
        while (await _frames.Read(MaxFrameBytes, ended.Token) is { } frame)
        {
            if (!await node.Receive(_linkId, frame))
            {
                _closeReason = "the grain no longer takes frames of it";
                return;
            }
        }
    }

    private async Task WriteQueued()
    {
        try
        {
            await foreach (byte[] frame in _outgoing.Reader.ReadAllAsync(ended.Token))
            {
                await socket.SendAsync(frame, WebSocketMessageType.Binary, true, ended.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // Reading ends too, and tells the grain; what was not written is kept there for the resume.
            End(exception is WebSocketException ? exception.Message : _closeReason);
        }
    }

    // Not by a token: cancelling a read aborts the socket, and the node would not learn why.
    private Task<byte[]?> ReadHello() => _frames.Read(MaxHelloBytes, ended.Token).WaitAsync(HelloTimeout, ended.Token);

    private async Task Refuse(string nodeId, WebSocketCloseStatus status, string reason)
    {
        NodeStreamLog.Refused(log, nodeId, reason);
        using var patience = new CancellationTokenSource(CloseTimeout);
        try
        {
            await socket.CloseAsync(status, reason, patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            NodeStreamLog.Ended(log, nodeId, "it was cut off");
        }
    }

    private static string NodeIdOf(byte[] hello)
    {
        try
        {
            return ControlFrame.Parser.ParseFrom(hello).Hello?.NodeId ?? string.Empty;
        }
        catch (InvalidProtocolBufferException)
        {
            return string.Empty;
        }
    }

    private void End(string reason)
    {
        if (!ended.IsCancellationRequested)
        {
            _closeReason = reason;
            ended.Cancel();
        }
    }
}

using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>The control stream's other end: load, health, requests and their answers. Key: node id.</summary>
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// A control stream of the node was opened; <paramref name="hello"/> is the serialized <c>ControlFrame</c> with the
    /// <c>NodeHello</c>. A former stream is closed. What <paramref name="link"/> is given is to be sent after the welcome.
    /// </summary>
    /// <param name="linkId">Unique to this stream; goes with every frame from it.</param>
    Task<NodeAcceptance> Attach(byte[] hello, string linkId, INodeLink link);

    /// <summary>The stream was closed. The node keeps its rooms for the grace period, then it counts as lost.</summary>
    Task Detach(string linkId);

    /// <summary>
    /// A serialized <c>ControlFrame</c> from the node; the next one is to be given after this call has ended. False: the
    /// stream is no longer the node's, or broken, and is to be closed. Interleaves with waiting requests.
    /// </summary>
    [AlwaysInterleave]
    Task<bool> Receive(string linkId, byte[] frame);

    /// <summary>Sends a serialized <c>Request</c> and waits for its serialized <c>Response</c>.</summary>
    [AlwaysInterleave]
    Task<Outcome<byte[]>> Ask(byte[] request);

    Task<NodeStatus> Status();
}

/// <summary>Implemented where the WebSocket is held.</summary>
public interface INodeLink : IGrainObserver
{
    Task Send(byte[] frame);

    Task Close(string reason);
}

/// <summary>Which nodes exist. Key: region.</summary>
public interface INodeDirectoryGrain : IGrainWithStringKey
{
    Task Report(NodeStatus status);

    Task Remove(string nodeId);

    /// <summary>Every node of the region that is not lost, those that answer first, then least loaded first.</summary>
    Task<NodeStatus[]> Snapshot();
}

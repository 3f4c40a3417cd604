using Orleans;
using Orleans.Concurrency;

namespace RtcPlatform.Grains.Contracts;

/// <summary>The control stream's other end: load, health, requests and their answers. Key: node id.</summary>
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>A control stream of the node was opened; <paramref name="hello"/> is a serialized <c>NodeHello</c>.</summary>
    Task<NodeAcceptance> Attach(byte[] hello, INodeLink link);

    /// <summary>The stream was closed. The node keeps its rooms for the grace period, then it counts as lost.</summary>
    Task Detach(INodeLink link);

    /// <summary>A frame from the node: a serialized <c>ControlFrame</c>. Interleaves with waiting requests.</summary>
    [AlwaysInterleave]
    Task Receive(byte[] frame);

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

    /// <summary>Every living node of the region, least loaded first.</summary>
    Task<NodeStatus[]> Snapshot();
}

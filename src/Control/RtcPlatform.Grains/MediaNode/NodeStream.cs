using Google.Protobuf;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Delivery;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.MediaNode;

/// <summary>One open control stream, written to in order and never waited for.</summary>
internal sealed class NodeStream
{
    /// <summary>Frames that may wait to be written; they are kept for a resume anyway.</summary>
    private const int Capacity = 8_192;

    private readonly INodeLink _link;
    private readonly OrderedSender<byte[]> _sender;

    public NodeStream(string linkId, INodeLink link, Action<NodeStream, Exception> failed)
    {
        LinkId = linkId;
        _link = link;
        _sender = new OrderedSender<byte[]>(link.Send, exception => Fail(exception, failed), Capacity);
    }

    public string LinkId { get; }

    /// <summary>False when the stream takes nothing further.</summary>
    public bool TrySend(byte[] frame) => _sender.TryPost(frame);

    /// <summary>A stream that is closed already, or whose silo is gone, needs no closing: what fails here is of no interest.</summary>
    public void Close(string reason)
    {
        _sender.Stop();
        new OrderedSender<string>(_link.Close, static _ => { }, 1).TryPost(reason);
    }

    private void Fail(Exception exception, Action<NodeStream, Exception> failed)
    {
        _sender.Stop();
        failed(this, exception);
    }
}

internal static class Frames
{
    /// <summary>Null when the bytes are not a frame.</summary>
    public static ControlFrame? TryParse(byte[] bytes)
    {
        try
        {
            return ControlFrame.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}

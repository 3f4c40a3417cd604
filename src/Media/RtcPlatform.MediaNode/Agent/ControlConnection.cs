using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using Google.Protobuf;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>Whole control frames over one WebSocket: binary messages, one frame each.</summary>
internal sealed class ControlConnection(WebSocket socket) : IDisposable
{
    /// <summary>Offers are some kilobytes; a message beyond this is not of the protocol.</summary>
    private const int LongestFrame = 4 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _incoming = new(16 * 1024);
    private readonly ArrayBufferWriter<byte> _outgoing = new(16 * 1024);

    /// <summary>One write at a time.</summary>
    public async Task SendAsync(ControlFrame frame, CancellationToken stop)
    {
        _outgoing.ResetWrittenCount();
        frame.WriteTo(_outgoing);
        await socket.SendAsync(_outgoing.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, stop).ConfigureAwait(false);
    }

    /// <summary>The next frame; null when the server closed in order.</summary>
    /// <exception cref="InvalidDataException">The message is no control frame.</exception>
    public async Task<ControlFrame?> ReceiveAsync(CancellationToken stop)
    {
        _incoming.ResetWrittenCount();
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_incoming.GetMemory(8 * 1024), stop).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _incoming.Advance(part.Count);
            if (part.MessageType != WebSocketMessageType.Binary || _incoming.WrittenCount > LongestFrame)
            {
                throw new InvalidDataException("the server sent something that is not a control frame");
            }

            if (part.EndOfMessage)
            {
                return Parse();
            }
        }
    }

    /// <summary>Writes what is queued until the queue ends or the connection breaks.</summary>
    public async Task PumpAsync(ChannelReader<ControlFrame> frames, CancellationToken stop)
    {
        await foreach (ControlFrame frame in frames.ReadAllAsync(stop).ConfigureAwait(false))
        {
            await SendAsync(frame, stop).ConfigureAwait(false);
        }
    }

    public void Dispose() => socket.Dispose();

    private ControlFrame Parse()
    {
        try
        {
            return ControlFrame.Parser.ParseFrom(_incoming.WrittenSpan);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new InvalidDataException("the server sent something that is not a control frame", broken);
        }
    }
}

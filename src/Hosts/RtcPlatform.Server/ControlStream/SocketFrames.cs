using System.Buffers;
using System.Net.WebSockets;

namespace RtcPlatform.Server.ControlStream;

/// <summary>Reads whole binary messages from a WebSocket, up to a bound.</summary>
internal sealed class SocketFrames(WebSocket socket)
{
    private const int ChunkBytes = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _message = new(ChunkBytes);

    /// <summary>The next message; null when the other side closed the stream.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">The message is text.</exception>
    /// <exception cref="FrameTooLongException">The message is longer than <paramref name="maxBytes"/>.</exception>
    public async Task<byte[]?> Read(int maxBytes, CancellationToken cancellation)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_message.GetMemory(ChunkBytes), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.MessageType != WebSocketMessageType.Binary)
            {
                throw new InvalidDataException("frames are binary messages");
            }

            _message.Advance(part.Count);
            if (_message.WrittenCount > maxBytes)
            {
                throw new FrameTooLongException(maxBytes);
            }

            if (part.EndOfMessage)
            {
                return _message.WrittenSpan.ToArray();
            }
        }
    }
}

internal sealed class FrameTooLongException(int maxBytes) : Exception($"a frame is longer than {maxBytes} bytes");

using System.Net.WebSockets;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>A WebSocket cut into records that end with 0x1E; records may share a frame or span several.</summary>
internal sealed class SignalSocket : IDisposable
{
    // Far above any room's snapshot.
    private const int LongestRecord = 16 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public async Task ConnectAsync(Uri url, CancellationToken cancellation) => await _socket.ConnectAsync(url, cancellation);

    public async Task SendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(record, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next record without its separator, valid until the next call; null when the server closed.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        int searched = _start;
        while (true)
        {
            int length = _buffer.AsSpan(searched, _end - searched).IndexOf(HubMessage.RecordSeparator);
            if (length >= 0)
            {
                ReadOnlyMemory<byte> record = _buffer.AsMemory(_start, searched + length - _start);
                _start = searched + length + 1;
                return record;
            }

            MakeRoom();
            searched = _end;
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _end += received.Count;
        }
    }

    public async Task CloseAsync(CancellationToken cancellation)
    {
        if (_socket.State == WebSocketState.Open)
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellation);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestRecord)
            {
                throw new InvalidOperationException($"the server sent a message of more than {LongestRecord} octets");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
